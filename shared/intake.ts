import Type, { type Static } from 'typebox'
import { Json, ListQuery, Nullable, oneOf, Time } from './shape.ts'

// Long because one webhook has it all: who sends, what is mapped, which limits hold, and what came. The shapes refer to each other.
export const INTAKE_FORMATS = [
  'auto',
  'generic',
  'google_ads',
  'meta',
  'tiktok',
  'linkedin',
  'typeform',
  'calendly',
  'cal_com',
  'zapier',
  'leadconduit',
  'html_form',
] as const
export const DEDUPE_SCOPES = ['workspace', 'source'] as const
export const ANSWERS = ['sync', 'fast'] as const
export const INTAKE_STATES = [
  'received',
  'fetching',
  'accepted',
  'duplicate',
  'refused',
  'quarantined',
  'captured',
  'ignored',
] as const

/** Why a delivery is not accepted, and what a person can do about it. */
export const INTAKE_REASONS = {
  duplicate: 'The same person came within the window of this webhook already.',
  already_received: 'This lead came before and was accepted.',
  cap_hour: 'The cap of this hour is reached.',
  cap_day: 'The cap of this day is reached.',
  cap_month: 'The cap of this month is reached.',
  filtered: 'A filter of the webhook leaves it out.',
  inactive: 'This webhook takes no leads at present.',
  invalid_fields: 'Neither the e-mail nor the phone can be used.',
  nobody: 'It carries neither an e-mail nor a phone.',
  unreadable: 'The body cannot be read in the format of this webhook.',
  unstorable: 'The database could not store what it carries.',
  not_fetched: 'The sender gave an id only, and the lead behind it could not be fetched.',
  invalid_time: 'It carries no time at which somebody can meet.',
  unknown_meeting: 'It is about a meeting that never came.',
} as const
export type IntakeReason = keyof typeof INTAKE_REASONS

const Key = Type.String({ minLength: 1, maxLength: 500 })

/**
 * How one field is filled from what came: exactly one of `path`, `first_of`, `join` and `const`, then the changes in the order in which
 * they stand here. A list of steps and no program: nothing that a person types is ever run.
 */
export const MappingRule = Type.Object(
  {
    path: Type.Optional({ ...Key, description: 'a key as it came; nested ones joined by dots: answers.email' }),
    first_of: Type.Optional(Type.Array(Key, { minItems: 1, maxItems: 20, description: 'the first of these with a value' })),
    join: Type.Optional(Type.Array(Key, { minItems: 1, maxItems: 20 })),
    separator: Type.Optional(Type.String({ maxLength: 20, description: 'of join; a space without' })),
    const: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Number(), Type.Boolean()])),
    split: Type.Optional(
      Type.Object(
        {
          by: Type.String({ minLength: 1, maxLength: 20 }),
          part: Type.Integer({ minimum: -20, maximum: 20, description: '0 is the first, -1 the last' }),
        },
        { additionalProperties: false },
      ),
    ),
    lower: Type.Optional(Type.Boolean()),
    values: Type.Optional(
      Type.Unsafe<Record<string, string | number | boolean>>({
        type: 'object',
        maxProperties: 200,
        additionalProperties: { anyOf: [{ type: 'string', maxLength: 1000 }, { type: 'number' }, { type: 'boolean' }] },
        description: '{what came: what it means}; others stay as they are',
      }),
    ),
    e164: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$', description: 'country of phone numbers written without one' })),
    date: Type.Optional(oneOf(['DMY', 'MDY', 'YMD'])),
  },
  { additionalProperties: false },
)
export type MappingRule = Static<typeof MappingRule>

/** {field: rule}. A field that is not named is found by the common spellings; null: it is left empty. */
export const Mapping = Type.Unsafe<Record<string, MappingRule | null>>({
  type: 'object',
  maxProperties: 200,
  propertyNames: { type: 'string', pattern: '^(fields\\.)?[\\p{L}\\p{N} _.-]{1,200}$' },
  additionalProperties: { anyOf: [MappingRule, { type: 'null' }] },
})
export type Mapping = Static<typeof Mapping>

export const FILTER_TESTS = [
  'is',
  'is_not',
  'in',
  'not_in',
  'contains',
  'begins',
  'exists',
  'exists_not',
  'at_least',
  'at_most',
] as const

/** A condition on a mapped field; all of a webhook's must hold. `fields.roof_age` names one of its lead type. */
export const IntakeFilter = Type.Object(
  {
    field: Type.String({ minLength: 1, maxLength: 200 }),
    test: oneOf(FILTER_TESTS),
    value: Type.Optional(
      Type.Union([
        Type.String({ maxLength: 500 }),
        Type.Number(),
        Type.Array(Type.String({ maxLength: 500 }), { maxItems: 1000 }),
      ]),
    ),
  },
  { additionalProperties: false },
)
export type IntakeFilter = Static<typeof IntakeFilter>

const Cap = Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })))
const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

const settings = {
  active: Type.Optional(Type.Boolean()),
  format: Type.Optional(oneOf(INTAKE_FORMATS)),
  secrets: Type.Optional(
    Type.Unsafe<Record<string, string | null>>({
      type: 'object',
      maxProperties: 20,
      additionalProperties: { type: ['string', 'null'], maxLength: 2000 },
      description:
        'of the format (see /intake-formats): {name: value}; null takes one away, absent ones stay. Never shown again.',
    }),
  ),
  require_provider: Type.Optional(Type.Boolean({ description: 'take leads of known providers only' })),
  require_signature: Type.Optional(Type.Boolean({ description: 'refuse what is not signed' })),
  allowed_ips: Type.Optional(
    Nullable(
      Type.Array(Type.String({ minLength: 2, maxLength: 50 }), {
        maxItems: 200,
        description: 'addresses and ranges such as 203.0.113.0/24; null: all',
      }),
    ),
  ),
  dedupe_scope: Type.Optional(
    Type.Unsafe<(typeof DEDUPE_SCOPES)[number]>({
      type: 'string',
      enum: [...DEDUPE_SCOPES],
      description: 'workspace: one person is one contact; source: people of this webhook are apart from all others',
    }),
  ),
  dedupe_hours: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 87_600,
      description: 'the same person again with the same lead type within so many hours is a duplicate; 0: never',
    }),
  ),
  cap_hour: Cap,
  cap_day: Cap,
  cap_month: Cap,
  mapping: Type.Optional(Nullable(Mapping)),
  filters: Type.Optional(Type.Array(IntakeFilter, { maxItems: 50 })),
  answer: Type.Optional(
    Type.Unsafe<(typeof ANSWERS)[number]>({
      type: 'string',
      enum: [...ANSWERS],
      description: 'sync: says what became of it; fast: says that it is stored',
    }),
  ),
  test_mode: Type.Optional(Type.Boolean({ description: 'every lead is a test lead: stored, not counted, not routed' })),
  capture: Type.Optional(Type.Boolean({ description: 'keep what comes and make no leads of it yet' })),
  source: Type.Optional(Nullable(Type.String({ maxLength: 200, description: 'of leads that name none' }))),
  pipeline_id: Type.Optional(Nullable(SmallId)),
  default_owner_id: Type.Optional(Nullable(SmallId)),
  redirect_url: Type.Optional(Nullable(Type.String({ maxLength: 2000, description: 'where a browser goes that posted a form' }))),
}

export const IntakeWebhook = Type.Object({
  id: Type.Integer(),
  webhook_id: Type.String({ description: 'what stands in the address' }),
  url: Type.String(),
  name: Type.String(),
  lead_type: Type.String(),
  active: Type.Boolean(),
  format: oneOf(INTAKE_FORMATS),
  secrets: Type.Array(Type.Object({ name: Type.String() }), { description: 'those that are set; their values are never shown' }),
  require_provider: Type.Boolean(),
  require_signature: Type.Boolean(),
  allowed_ips: Nullable(Type.Array(Type.String())),
  dedupe_scope: oneOf(DEDUPE_SCOPES),
  dedupe_hours: Type.Integer(),
  cap_hour: Nullable(Type.Integer()),
  cap_day: Nullable(Type.Integer()),
  cap_month: Nullable(Type.Integer()),
  mapping: Nullable(Mapping),
  filters: Type.Array(IntakeFilter),
  answer: oneOf(ANSWERS),
  test_mode: Type.Boolean(),
  capture: Type.Boolean(),
  source: Nullable(Type.String()),
  pipeline_id: Nullable(Type.Integer()),
  default_owner_id: Nullable(Type.Integer()),
  redirect_url: Nullable(Type.String()),
  waiting: Type.Integer({ description: 'deliveries that are captured or in quarantine; counted up to 1,000' }),
  received_today: Type.Integer(),
  accepted_today: Type.Integer(),
  last_received_at: Nullable(Time),
  created_at: Time,
  updated_at: Time,
})
export type IntakeWebhook = Static<typeof IntakeWebhook>

export const IntakeWebhooksQuery = Type.Object(
  {
    ...ListQuery,
    q: Type.Optional(Type.String({ maxLength: 200, description: 'part of the name' })),
    active: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type IntakeWebhooksQuery = Static<typeof IntakeWebhooksQuery>

export const IntakeWebhookCreate = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    lead_type: Type.String({ pattern: '^[a-z0-9_]{1,50}$', description: 'solar, hvac, insurance, or one of your own' }),
    ...settings,
  },
  { additionalProperties: false },
)
export type IntakeWebhookCreate = Static<typeof IntakeWebhookCreate>

export const IntakeWebhookUpdate = Type.Object(
  {
    name: Type.Optional(IntakeWebhookCreate.properties.name),
    lead_type: Type.Optional(IntakeWebhookCreate.properties.lead_type),
    ...settings,
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type IntakeWebhookUpdate = Static<typeof IntakeWebhookUpdate>

/** A key that came, for mapping by clicking. */
export const IntakeKey = Type.Object({
  key: Type.String(),
  examples: Type.Array(Type.String(), { description: 'at most three, the newest first' }),
  seen: Type.Integer({ description: 'in how many of the deliveries that were looked at' }),
  target: Nullable(Type.String({ description: 'the field that it fills; null: it is kept among the fields as it is' })),
  by: Nullable(oneOf(['rule', 'spelling'])),
})
export type IntakeKey = Static<typeof IntakeKey>

/** A field that can be filled. */
export const IntakeTarget = Type.Object({
  name: Type.String(),
  label: Type.String(),
  group: oneOf(['person', 'lead', 'campaign', 'address', 'consent', 'type']),
})
export type IntakeTarget = Static<typeof IntakeTarget>

export const IntakeKeys = Type.Object({
  deliveries: Type.Integer({ description: 'how many were looked at: the newest, at most 100' }),
  data: Type.Array(IntakeKey),
  targets: Type.Array(IntakeTarget),
})
export type IntakeKeys = Static<typeof IntakeKeys>

/** A mapping tried on what came, without storing anything. */
export const MappingTrial = Type.Object({ mapping: Nullable(Mapping) }, { additionalProperties: false })
export const MappingTried = Type.Object({
  data: Type.Array(
    Type.Object({
      delivery_id: Type.Integer(),
      lead: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
      problems: Type.Record(Type.String(), Type.String()),
    }),
  ),
})
export type MappingTried = Static<typeof MappingTried>

export const IntakeDelivery = Type.Object({
  id: Type.Integer(),
  webhook_id: Type.Integer({ description: 'the number of the webhook' }),
  webhook: Type.String({ description: 'its name' }),
  provider_id: Nullable(Type.String()),
  received_at: Time,
  format: Nullable(Type.String()),
  content_type: Nullable(Type.String()),
  bytes: Type.Integer(),
  delivery_key: Nullable(Type.String()),
  parts: Type.Integer({ description: 'leads in it' }),
  state: oneOf(INTAKE_STATES),
  reason: Nullable(Type.String()),
  error: Nullable(Type.String()),
  fields: Nullable(Type.Record(Type.String(), Type.String())),
  lead_id: Nullable(Type.Integer()),
  contact_id: Nullable(Type.Integer()),
  appointment_id: Nullable(Type.Integer()),
  tries: Type.Integer(),
  processed_at: Nullable(Time),
})
export type IntakeDelivery = Static<typeof IntakeDelivery>

/** What became of each lead of a delivery that carries several. */
export const IntakePart = Type.Object({
  state: oneOf(INTAKE_STATES),
  reason: Nullable(Type.String()),
  fields: Nullable(Type.Record(Type.String(), Type.String())),
  lead_id: Nullable(Type.Integer()),
  contact_id: Nullable(Type.Integer()),
  appointment_id: Nullable(Type.Integer()),
  contact_status: Nullable(oneOf(['new', 'existing'])),
})
export type IntakePart = Static<typeof IntakePart>

export const IntakeDeliveryShown = Type.Object({
  ...IntakeDelivery.properties,
  method: Type.String(),
  headers: Type.Record(Type.String(), Type.String()),
  ip: Nullable(Type.String()),
  query: Nullable(Type.String()),
  body: Type.String({ description: 'as it came, shown as text' }),
  results: Nullable(Type.Array(IntakePart)),
  answered: Json,
})
export type IntakeDeliveryShown = Static<typeof IntakeDeliveryShown>

export const IntakeDeliveriesQuery = Type.Object(
  {
    ...ListQuery,
    webhook_id: Type.Optional(SmallId),
    provider_id: Type.Optional(Type.String({ maxLength: 100 })),
    state: Type.Optional(oneOf(INTAKE_STATES)),
    lead_id: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    since: Type.Optional(Time),
    until: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type IntakeDeliveriesQuery = Static<typeof IntakeDeliveriesQuery>

export const IntakeReplaySelection = Type.Object(
  {
    ids: Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), {
      minItems: 1,
      maxItems: 1000,
      uniqueItems: true,
    }),
  },
  { additionalProperties: false },
)

/** Asks the sender for what it has had since, and makes leads of what is missing here. */
export const BackfillCreate = Type.Object(
  { since: Type.Optional({ ...Time, description: 'the last week without' }) },
  { additionalProperties: false },
)
export const BackfillAsked = Type.Object({ job_id: Type.Integer(), since: Time })

/** How many are processed again. Those that were accepted stay as they are. */
export const IntakeReplayed = Type.Object({ deliveries: Type.Integer() })

/** What a webhook has that makes no lead yet. */
export const IntakeWaiting = Type.Object({ quarantined: Type.Integer(), captured: Type.Integer() })
export type IntakeWaiting = Static<typeof IntakeWaiting>

/** In parts, for whoever shows how far it is. */
export const IntakeWaitingReplay = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'at most so many; without, all that wait' })),
    after_id: Type.Optional(
      Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'the `next_after_id` of the part before' }),
    ),
  },
  { additionalProperties: false },
)
export type IntakeWaitingReplay = Static<typeof IntakeWaitingReplay>
export const IntakeWaitingReplayed = Type.Object({
  deliveries: Type.Integer({ description: 'how many were processed again' }),
  next_after_id: Nullable(Type.Integer({ description: 'where the next part begins; null: that was all' })),
})
export type IntakeWaitingReplayed = Static<typeof IntakeWaitingReplayed>

export const Provider = Type.Object({
  provider_id: Type.String(),
  provider_name: Type.String(),
  contact_name: Nullable(Type.String()),
  contact_email: Nullable(Type.String()),
  contact_phone: Nullable(Type.String()),
  key_prefix: Type.String(),
  active: Type.Boolean(),
  allowed_webhooks: Nullable(Type.Array(Type.Integer(), { description: 'their numbers; null: all of the workspace' })),
  rate_limit: Nullable(Type.Integer({ description: 'deliveries an hour' })),
  last_used_at: Nullable(Time),
  created_at: Time,
  updated_at: Time,
})
export type Provider = Static<typeof Provider>

/** The one time that the key is shown. */
export const ProviderCreated = Type.Object({ ...Provider.properties, api_key: Type.String() })
export type ProviderCreated = Static<typeof ProviderCreated>

const person = {
  contact_name: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
  contact_email: Type.Optional(Nullable(Type.String({ maxLength: 320 }))),
  contact_phone: Type.Optional(Nullable(Type.String({ maxLength: 50 }))),
  active: Type.Optional(Type.Boolean()),
  allowed_webhooks: Type.Optional(Nullable(Type.Array(SmallId, { maxItems: 1000, uniqueItems: true }))),
  rate_limit: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000_000 }))),
}

export const PROVIDER_ID = '^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$'

export const ProviderCreate = Type.Object(
  {
    provider_id: Type.Optional(Type.String({ pattern: PROVIDER_ID, description: 'made of the name when absent' })),
    provider_name: Type.String({ minLength: 1, maxLength: 200 }),
    ...person,
  },
  { additionalProperties: false },
)
export type ProviderCreate = Static<typeof ProviderCreate>

export const ProviderUpdate = Type.Object(
  {
    provider_name: Type.Optional(ProviderCreate.properties.provider_name),
    ...person,
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type ProviderUpdate = Static<typeof ProviderUpdate>

export const UsageQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'a day; 30 days ago without' })),
    to: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'a day; today without' })),
  },
  { additionalProperties: false },
)
export type UsageQuery = Static<typeof UsageQuery>

const counts = {
  received: Type.Integer(),
  accepted: Type.Integer(),
  duplicates: Type.Integer(),
  refused: Type.Integer({ description: 'by caps, filters and wrong input' }),
  limited: Type.Integer({ description: 'answered 429: not stored' }),
}
export const ProviderUsage = Type.Object({
  from: Type.String(),
  to: Type.String(),
  total: Type.Object(counts),
  data: Type.Array(Type.Object({ day: Type.String(), webhook_id: Type.Integer(), webhook: Nullable(Type.String()), ...counts }), {
    description: 'a row for each day and webhook with traffic, the newest first',
  }),
})
export type ProviderUsage = Static<typeof ProviderUsage>

export const IntakeFormat = Type.Object({
  name: Type.String(),
  title: Type.String(),
  instructions: Type.String({ description: 'Markdown; {address} stands for the address of the webhook' }),
  secrets: Type.Array(Type.Object({ name: Type.String(), label: Type.String(), required: Type.Boolean() })),
})
export type IntakeFormat = Static<typeof IntakeFormat>
export const IntakeFormatList = Type.Object({ data: Type.Array(IntakeFormat) })
