import Type, { type Static } from 'typebox'
import { Json, JsonObject, ListQuery, Nullable, oneOf, Time } from './shape.ts'

export const ENDPOINT_STATES = ['active', 'paused'] as const
export const ATTEMPT_SCHEDULES = ['default', 'long', 'custom'] as const
export const DELIVERY_STATES = ['queued', 'held', 'delivered', 'failed', 'cancelled'] as const

export const FILTER_OPERATORS = ['is', 'is_not', 'contains', 'greater', 'less', 'exists', 'exists_not'] as const

/** What a message must be to be sent; everything that is given must hold. */
export const EndpointFilter = Type.Object(
  {
    known_contacts_only: Type.Optional(
      Type.Boolean({ description: 'leave out what visitors did before anybody knew who they are' }),
    ),
    stages: Type.Optional(Type.Array(Type.String({ maxLength: 50 }), { maxItems: 20 })),
    segments: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50, description: 'of the built-in ones; any of them will do' }),
    ),
    segment_ids: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), {
        maxItems: 50,
        description: 'of your own ones, by their ids; any of them will do, as the contact stands when the message is made',
      }),
    ),
    properties: Type.Optional(
      Type.Array(
        Type.Object(
          {
            path: Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'where it stands in the body: data.amount, contact.country_code',
            }),
            operator: oneOf(FILTER_OPERATORS),
            value: Type.Optional(Type.Union([Type.String({ maxLength: 500 }), Type.Number(), Type.Boolean()])),
          },
          { additionalProperties: false },
        ),
        { maxItems: 20 },
      ),
    ),
  },
  { additionalProperties: false },
)
export type EndpointFilter = Static<typeof EndpointFilter>

/** {name in the body that is sent: where it stands in ours, or a constant}. Dots make objects: {"person.mail": "contact.email"}. */
export const FieldMap = Type.Unsafe<Record<string, string | { constant: string | number | boolean | null }>>({
  type: 'object',
  maxProperties: 100,
  propertyNames: { type: 'string', minLength: 1, maxLength: 200 },
  additionalProperties: {
    anyOf: [
      { type: 'string', minLength: 1, maxLength: 200 },
      {
        type: 'object',
        properties: { constant: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }] } },
        required: ['constant'],
        additionalProperties: false,
      },
    ],
  },
})
export type FieldMap = Static<typeof FieldMap>

/** How an endpoint fares. Rates and times are of the last day. */
export const EndpointHealth = Type.Object({
  attempts: Type.Integer(),
  success_rate: Nullable(Type.Number({ description: 'of attempts, 0 to 1; null without any' })),
  p50_ms: Nullable(Type.Integer({ description: 'of the last 1,000 attempts' })),
  p95_ms: Nullable(Type.Integer()),
  waiting: Type.Integer({
    description: 'deliveries that are queued, those that wait for another attempt among them; counted up to 10,000',
  }),
  retrying: Type.Integer({ description: 'of these, those that have failed at least once' }),
  held: Type.Integer({ description: 'deliveries that wait until the endpoint is active again; counted up to 10,000' }),
  failed: Type.Integer({
    description: 'deliveries that were given up and not replayed, without tests; counted up to 10,000',
  }),
  failed_since: Nullable(Type.String({ format: 'date-time', description: 'when the first of these was given up' })),
  failing_since: Nullable(
    Type.String({
      format: 'date-time',
      description: 'of the first attempt that failed since one succeeded; while the endpoint is paused, success does not end it',
    }),
  ),
  last_success_at: Nullable(Time),
  last_error: Nullable(Type.String()),
  last_error_at: Nullable(Time),
})
export type EndpointHealth = Static<typeof EndpointHealth>

export const Endpoint = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.String()),
  state: oneOf(ENDPOINT_STATES),
  paused_by: Nullable(Type.String({ description: 'person, gone (it answered 410) or failing' })),
  paused_reason: Nullable(Type.String()),
  paused_at: Nullable(Time),
  funnel_id: Nullable(Type.String()),
  filter: Nullable(EndpointFilter),
  purpose: Nullable(Type.String({ description: 'of contacts who denied it, nothing is told' })),
  field_map: Nullable(FieldMap),
  headers: Type.Array(Type.Object({ name: Type.String() }), { description: 'their values are never shown' }),
  rate_limit: Nullable(Type.Integer({ description: 'deliveries a minute' })),
  attempt_schedule: oneOf(ATTEMPT_SCHEDULES),
  attempt_delays: Type.Array(Type.Integer(), { description: 'seconds before the second, the third ... attempt' }),
  secrets: Type.Array(Type.Object({ id: Type.Integer(), created_at: Time, expires_at: Nullable(Time) }), {
    description: 'that sign now, the newest first',
  }),
  health: EndpointHealth,
  created_at: Time,
  updated_at: Time,
})
export type Endpoint = Static<typeof Endpoint>

export const EndpointsQuery = Type.Object(
  {
    funnel_id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'only those that hear this funnel alone; those without one hear it, too',
      }),
    ),
    ...ListQuery,
  },
  { additionalProperties: false },
)
export type EndpointsQuery = Static<typeof EndpointsQuery>

const Url = Type.String({ minLength: 1, maxLength: 2048 })
const Secret = Type.String({
  minLength: 30,
  maxLength: 100,
  description: 'whsec_ and 24 to 64 bytes in base64; made when absent',
})

const settings = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'default: the host of the address' })),
  events: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
    minItems: 1,
    maxItems: 200,
    uniqueItems: true,
    description: 'types of GET /webhook-events, groups (lead.*), * for all of these, or the exact name of an event of your own',
  }),
  funnel_id: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 200 }))),
  filter: Type.Optional(Nullable(EndpointFilter)),
  field_map: Type.Optional(Nullable(FieldMap)),
  purpose: Type.Optional(Nullable(Type.String({ maxLength: 50, description: 'a name of GET /consent-purposes' }))),
  headers: Type.Optional(
    Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 100 }),
          value: Type.Optional(Type.String({ maxLength: 2000, description: 'absent in a PATCH: as it was' })),
        },
        { additionalProperties: false },
      ),
      { maxItems: 20 },
    ),
  ),
  rate_limit: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 600_000 }))),
  attempt_schedule: Type.Optional(oneOf(ATTEMPT_SCHEDULES)),
  attempt_delays: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 86_400 }), { maxItems: 12 })),
}

export const EndpointCreate = Type.Object(
  { url: Url, ...settings, secret: Type.Optional(Secret), active: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)
export type EndpointCreate = Static<typeof EndpointCreate>

/** The one time that the secret is shown. */
export const EndpointCreated = Type.Intersect([Endpoint, Type.Object({ secret: Type.String() })])
export type EndpointCreated = Static<typeof EndpointCreated>

export const EndpointUpdate = Type.Object(
  { url: Type.Optional(Url), ...settings, events: Type.Optional(settings.events), if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type EndpointUpdate = Static<typeof EndpointUpdate>

export const EndpointActivate = Type.Object(
  {
    held: Type.Optional(
      Type.Unsafe<'send' | 'cancel'>({
        type: 'string',
        enum: ['send', 'cancel'],
        description: 'what becomes of deliveries that waited meanwhile; default send',
      }),
    ),
    given_up: Type.Optional(
      Type.Unsafe<'send' | 'leave'>({
        type: 'string',
        enum: ['send', 'leave'],
        description:
          'send: deliveries that were given up since it fails (`health.failing_since`) are replayed as well; default leave',
      }),
    ),
  },
  { additionalProperties: false },
)
export type EndpointActivate = Static<typeof EndpointActivate>

export const SecretCreate = Type.Object(
  {
    secret: Type.Optional(Secret),
    overlap_hours: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 168, default: 24, description: 'how long the earlier ones sign as well' }),
    ),
  },
  { additionalProperties: false },
)
export type SecretCreate = Static<typeof SecretCreate>
export const SecretCreated = Type.Object({
  id: Type.Integer(),
  secret: Type.String(),
  created_at: Time,
  expires_at: Nullable(Time),
})
export type SecretCreated = Static<typeof SecretCreated>

export const EndpointTest = Type.Object(
  {
    event: Type.Optional(
      Type.String({ maxLength: 200, description: 'whose example is sent; default: the first that the endpoint wants' }),
    ),
  },
  { additionalProperties: false },
)

export const Attempt = Type.Object({
  id: Type.Integer(),
  number: Type.Integer(),
  at: Time,
  ms: Type.Integer(),
  url: Nullable(
    Type.String({ description: 'the address that it was for; null: nothing could be sent, or it was before this was kept' }),
  ),
  body: Type.Unsafe<unknown>({
    description:
      'what it carried, where that is not the `body` of the delivery; otherwise null, also where `url` is and nobody knows',
  }),
  status: Nullable(Type.Integer()),
  ok: Type.Boolean(),
  error: Nullable(Type.String()),
  request_headers: Type.Record(Type.String(), Type.String()),
  response_headers: Nullable(Type.Record(Type.String(), Type.String())),
  response_body: Nullable(Type.String()),
  truncated: Type.Boolean(),
})
export type Attempt = Static<typeof Attempt>

export const Delivery = Type.Object({
  id: Type.Integer(),
  endpoint_id: Type.Integer(),
  endpoint: Type.String({ description: 'its name' }),
  message_id: Type.String({ description: 'the header webhook-id' }),
  event: Type.String(),
  contact_id: Nullable(Type.Integer()),
  contact: Nullable(Type.String({ description: 'name or e-mail' })),
  state: oneOf(DELIVERY_STATES),
  is_test: Type.Boolean(),
  attempts: Type.Integer(),
  run_at: Nullable(Time),
  last_status: Nullable(Type.Integer()),
  last_error: Nullable(Type.String()),
  occurred_at: Time,
  created_at: Time,
  finished_at: Nullable(Time),
})
export type Delivery = Static<typeof Delivery>

export const DeliveryShown = Type.Intersect([
  Delivery,
  Type.Object({
    url: Type.String(),
    body: Json,
    attempts_made: Type.Array(Attempt, { description: 'the newest first, at most 100' }),
  }),
])
export type DeliveryShown = Static<typeof DeliveryShown>

/** The answer of the test button: the delivery, and the one attempt that was made. */
export const EndpointTested = Type.Object({
  delivery_id: Type.Integer(),
  message_id: Type.String(),
  body: Json,
  attempt: Attempt,
})
export type EndpointTested = Static<typeof EndpointTested>

export const DeliveriesQuery = Type.Object(
  {
    ...ListQuery,
    endpoint_id: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
    state: Type.Optional(oneOf(DELIVERY_STATES)),
    event: Type.Optional(Type.String({ maxLength: 200 })),
    contact_id: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'a webhook-id, or an e-mail or phone of a contact' })),
    since: Type.Optional(Time),
    until: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type DeliveriesQuery = Static<typeof DeliveriesQuery>

export const ReplaySelection = Type.Object(
  {
    ids: Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), {
      minItems: 1,
      maxItems: 1000,
      uniqueItems: true,
    }),
  },
  { additionalProperties: false },
)

export const ReplaySince = Type.Object(
  {
    since: Type.String({
      format: 'date-time',
      description: 'of those that ended then or later: were delivered, given up, cancelled',
    }),
    until: Type.Optional(Type.String({ format: 'date-time', description: 'and before' })),
    states: Type.Optional(
      Type.Array(oneOf(['failed', 'delivered', 'cancelled'] as const), {
        minItems: 1,
        uniqueItems: true,
        description: 'default failed',
      }),
    ),
    dry_run: Type.Optional(Type.Boolean({ description: 'only count' })),
  },
  { additionalProperties: false },
)
export type ReplaySince = Static<typeof ReplaySince>
export const Replayed = Type.Object({ deliveries: Type.Integer({ description: 'how many are sent again' }) })
export type Replayed = Static<typeof Replayed>

export const HoursQuery = Type.Object(
  { days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90, default: 7 })) },
  { additionalProperties: false },
)
export const EndpointHours = Type.Object({
  data: Type.Array(Type.Object({ hour: Time, attempts: Type.Integer(), successes: Type.Integer(), given_up: Type.Integer() })),
})
export type EndpointHours = Static<typeof EndpointHours>

/** One kind of message, for people who write receivers. */
export const WebhookEvent = Type.Object({
  type: Type.String(),
  group: Type.String({ description: 'what stands before the dot; events of the funnel are in the group funnel' }),
  title: Type.String(),
  description: Type.String(),
  schema: JsonObject,
  example: JsonObject,
})
export type WebhookEvent = Static<typeof WebhookEvent>
export const WebhookEvents = Type.Object({ data: Type.Array(WebhookEvent) })

export const MailsQuery = Type.Object(ListQuery, { additionalProperties: false })
export const MailShown = Type.Object({
  id: Type.Integer(),
  to_address: Type.String(),
  subject: Type.String(),
  body: Type.String(),
  about: Nullable(Type.String()),
  calendar: Nullable(Type.String({ description: 'the .ics file that goes with it' })),
  state: oneOf(['queued', 'sent', 'failed', 'kept'] as const),
  error: Nullable(Type.String()),
  created_at: Time,
  sent_at: Nullable(Time),
})
export type MailShown = Static<typeof MailShown>
