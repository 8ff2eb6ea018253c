import Type, { type Static } from 'typebox'
import { Actor, JsonObject, ListQuery, Nullable, Time } from './shape.ts'

/** What somebody did, as it is stored. */
export const Event = Type.Object({
  id: Type.Integer(),
  event: Type.String(),
  message_id: Type.String(),
  distinct_id: Type.String(),
  visitor_id: Type.Integer(),
  contact_id: Nullable(Type.Integer()),
  contact_name: Nullable(Type.String()),
  session_id: Nullable(Type.String()),
  occurred_at: Time,
  received_at: Time,
  key_id: Nullable(Type.Integer()),
  is_bot: Type.Boolean(),
  properties: JsonObject,
  context: JsonObject,
})
export type Event = Static<typeof Event>

export const EventsQuery = Type.Object(
  {
    ...ListQuery,
    event: Type.Optional(Type.String({ maxLength: 200 })),
    distinct_id: Type.Optional(Type.String({ maxLength: 500 })),
    visitor_id: Type.Optional(Type.Integer()),
    contact_id: Type.Optional(Type.Integer()),
    after_id: Type.Optional(Type.Integer({ description: 'only those that arrived after this one; for following along' })),
  },
  { additionalProperties: false },
)
export type EventsQuery = Static<typeof EventsQuery>

/** What was not stored, and why: for the engineer who wonders where an event went. */
export const EventRefusal = Type.Object({
  id: Type.Integer(),
  received_at: Time,
  key_id: Nullable(Type.Integer()),
  code: Type.String(),
  message: Type.String(),
  body: Nullable(Type.String()),
})
export type EventRefusal = Static<typeof EventRefusal>

/** The names of events seen in a workspace, with counts. Bots are counted apart. */
export const EventName = Type.Object({
  event: Type.String(),
  events: Type.Integer(),
  bots: Type.Integer(),
  first_at: Time,
  last_at: Time,
})
export type EventName = Static<typeof EventName>

/** One entry of a contact's timeline: an event that the person did, or an activity that changed the CRM. */
export const TimelineEntry = Type.Object({
  kind: Type.Unsafe<'event' | 'activity'>({ type: 'string', enum: ['event', 'activity'] }),
  id: Type.Integer(),
  at: Time,
  name: Type.String({ description: 'page_viewed, contact.created, ...' }),
  distinct_id: Nullable(Type.String()),
  session_id: Nullable(Type.String()),
  properties: JsonObject,
  context: JsonObject,
  actor: Nullable(Actor),
  before: Nullable(JsonObject),
  after: Nullable(JsonObject),
})
export type TimelineEntry = Static<typeof TimelineEntry>

export const TimelineQuery = Type.Object(
  {
    ...ListQuery,
    kind: Type.Optional(Type.Unsafe<'event' | 'activity'>({ type: 'string', enum: ['event', 'activity'] })),
    name: Type.Optional(Type.String({ maxLength: 200, description: 'one event or activity name' })),
  },
  { additionalProperties: false },
)
export type TimelineQuery = Static<typeof TimelineQuery>

export const Activity = Type.Object({
  id: Type.Integer(),
  at: Time,
  action: Type.String(),
  actor: Actor,
  contact_id: Nullable(Type.Integer()),
  visitor_id: Nullable(Type.Integer()),
  subject_id: Nullable(Type.String()),
  before: Nullable(JsonObject),
  after: Nullable(JsonObject),
})
export type Activity = Static<typeof Activity>

export const ActivitiesQuery = Type.Object(
  {
    ...ListQuery,
    action: Type.Optional(Type.String({ maxLength: 100 })),
    noun: Type.Optional(
      Type.String({ pattern: '^[a-z_]{1,50}$', description: 'the first word of the action: contact, lead, key' }),
    ),
    actor_kind: Type.Optional(Type.String({ pattern: '^[a-z_]{1,30}$', description: 'user, key, event, import, system ...' })),
    actor_id: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'of the user or key' })),
    contact_id: Type.Optional(Type.Integer()),
    subject_id: Type.Optional(Type.String({ maxLength: 200 })),
    since: Type.Optional({ ...Time, description: 'at or after' }),
    until: Type.Optional({ ...Time, description: 'before' }),
    q: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'words that all stand in what was before or after, or in the name of who did it',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ActivitiesQuery = Static<typeof ActivitiesQuery>

/** Whether anybody changed the history behind the server's back, as it was found when it was last signed. */
export const ActivityChain = Type.Object({
  activities: Type.Integer({ description: 'how many are in the chain' }),
  checked_at: Nullable(Time),
  checkpoint_at: Nullable(Time),
  problem: Nullable(Type.String({ description: 'what is not as it was written' })),
})
export type ActivityChain = Static<typeof ActivityChain>
