import Type, { type Static, type TProperties, type TSchema } from 'typebox'
import { Actor, Nullable } from '../../../shared/shape.ts'
import type { WebhookEvent } from '../../../shared/webhooks.ts'

/** Sarah, as every example shows her. */
export const SARAH = {
  id: 483_920,
  email: 'sarah@example.com',
  first_name: 'Sarah',
  last_name: 'Johnson',
  phone: '+12025550102',
  user_id: null,
  name: 'Sarah Johnson',
  stage: 'engaged',
  segment: 'hot',
  watch_percentage: 75,
  owner_id: null,
  country_code: 'US',
  utm_source: 'newsletter',
  utm_medium: 'email',
  utm_campaign: 'spring',
  utm_term: null,
  utm_content: null,
  referral_code: null,
  properties: { company: 'Rye & Ember' },
  custom: { flour: 'rye' },
}

const TIMESTAMP = '2026-01-31T09:30:00.000Z'
const MARTA = { kind: 'user', id: 7, name: 'Marta Lind' }
export const TRUNCATED = {
  truncated: Type.Optional(
    Type.Boolean({ description: 'true: the body would have been larger than 256 KB, and values were left out' }),
  ),
}

type About = { title: string; description: string }

/** An event of the funnel. `said` is what its own properties say; there may be any others. */
export function funnel<P extends TProperties>(
  type: string,
  about: About,
  said: P,
  example: Static<ReturnType<typeof Type.Object<P>>>,
): WebhookEvent {
  const schema = Type.Object(
    {
      event_id: Type.Integer(),
      message_id: Type.String({ description: 'as the client sent it' }),
      distinct_id: Type.String({ description: 'of the visitor who did it' }),
      stage: Nullable(Type.String({ description: 'of the contact, now' })),
      segment: Nullable(Type.String({ description: 'of the contact, now' })),
      url: Type.Optional(Type.String({ description: 'of the page, when it is known' })),
      ...TRUNCATED,
      ...said,
    },
    { additionalProperties: true, description: 'the properties of the event, and these' },
  )
  const data = {
    ...example,
    event_id: 90_211,
    message_id: '6f1d4d1e-1c8e-4b93-8a71-0d8c8c5b7f11',
    distinct_id: 'a8098c1a-f86e-41da-bd1a-00112444be1e',
    stage: SARAH.stage,
    segment: SARAH.segment,
    url: 'https://bread.example/watch',
  }
  return {
    type,
    group: 'funnel',
    ...about,
    schema: asJson(schema),
    example: { event: type, contact: SARAH, data, timestamp: TIMESTAMP },
  }
}

type Change = {
  /** Of what the subject_id is the id. */
  subject?: string
  before?: TSchema
  after?: TSchema
  /** What the example says, and whether it is about Sarah. */
  example: { contact?: null; actor?: object; subject_id?: string; visitor_id?: number; before?: object; after?: object }
}

/** Something that was changed: an activity. `before` and `after` are null where nothing is said of them. */
export function activity(type: string, about: About, { subject, before, after, example }: Change): WebhookEvent {
  const schema = Type.Object({
    activity_id: Type.Integer(),
    actor: Type.Object(Actor.properties, { description: 'who changed it' }),
    subject_id: Nullable(Type.String({ description: subject ? `the id of ${subject}` : 'null' })),
    visitor_id: Nullable(Type.Integer()),
    before: before ? Nullable(before) : Type.Null(),
    after: after ? Nullable(after) : Type.Null(),
    ...TRUNCATED,
  })
  const { contact = SARAH, ...said } = example
  const data = { activity_id: 5120, actor: MARTA, subject_id: null, visitor_id: null, before: null, after: null, ...said }
  return {
    type,
    group: type.slice(0, type.indexOf('.')),
    ...about,
    schema: asJson(schema),
    example: { event: type, contact, data, timestamp: TIMESTAMP },
  }
}

/** Without what a library for shapes keeps in them besides. */
function asJson(schema: TSchema): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema))
}
