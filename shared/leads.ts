import Type, { type Static } from 'typebox'
import { CUSTOM_FILTER, CUSTOM_SORT, Custom, CustomGiven, type CustomSort } from './custom-fields.ts'
import { Activity } from './events.ts'
import { Json, JsonObject, ListQuery, Nullable, oneOf, Time } from './shape.ts'

export const LEAD_KINDS = ['open', 'won', 'lost'] as const
export type LeadKind = (typeof LEAD_KINDS)[number]

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const LeadId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Text = Nullable(Type.String())
export const LeadTypeKey = Type.String({ pattern: '^[a-z0-9_]{1,50}$' })
export const StageKey = Type.String({ pattern: '^[a-z0-9_]{1,50}$' })

/** Who a lead is of, as they are now: after a merge, the contact that is left. */
export const LeadContact = Type.Object({ id: Type.Integer(), name: Text, email: Text, phone: Text })
export type LeadContact = Static<typeof LeadContact>

/** A lead in a list and on the board. */
export const Lead = Type.Object({
  id: Type.Integer({ description: 'ten digits' }),
  contact_id: Type.Integer(),
  contact: LeadContact,
  lead_type: Type.String(),
  pipeline_id: Type.Integer(),
  status: Type.String({ description: 'the key of a stage of its pipeline' }),
  status_name: Type.String(),
  kind: oneOf(LEAD_KINDS),
  status_changed_at: Time,
  priority: Type.Integer({ description: '1 is the most urgent, 5 the least' }),
  assigned_to: Nullable(Type.Integer({ description: 'a user; see /users' })),
  assigned_at: Nullable(Time),
  follow_up_at: Nullable(Time),
  contact_attempts: Type.Integer(),
  score: Type.Integer(),
  revenue_potential: Nullable(Type.Number()),
  lost_reason: Text,
  source: Text,
  subsource: Text,
  campaign_id: Text,
  campaign: Text,
  product: Text,
  city: Text,
  state: Text,
  zip_code: Text,
  country: Text,
  webhook_id: Nullable(Type.Integer({ description: 'the number of the intake webhook' })),
  webhook: Nullable(Type.String({ description: 'its name' })),
  provider_id: Text,
  is_test: Type.Boolean({ description: 'counts nowhere and is not on the board' }),
  conversion_id: Nullable(Type.Integer({ description: 'the first' })),
  conversion_count: Type.Integer(),
  conversion_value: Type.Number({ description: "in the workspace's currency, less refunds" }),
  converted_at: Nullable(Time),
  closed_at: Nullable(Time),
  custom: Custom,
  created_at: Time,
  updated_at: Time,
})
export type Lead = Static<typeof Lead>

/** How long a lead was in a stage: one for each time that it came there, the oldest first. */
export const LeadStay = Type.Object({
  status: Type.String(),
  name: Type.String(),
  kind: Nullable(oneOf(LEAD_KINDS)),
  since: Time,
  until: Nullable(Time),
  seconds: Type.Integer(),
})
export type LeadStay = Static<typeof LeadStay>

/** Everything about one lead. */
export const LeadShown = Type.Object({
  ...Lead.properties,
  first_name: Nullable(Type.String({ description: 'as it was told this time; `contact` has what counts' })),
  last_name: Text,
  email: Text,
  phone: Text,
  street: Text,
  utm_source: Text,
  utm_medium: Text,
  utm_campaign: Text,
  utm_term: Text,
  utm_content: Text,
  referrer: Text,
  landing_page: Text,
  fields: Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    additionalProperties: true,
    description: 'of its type (see /lead-types), and whatever else came with it',
  }),
  problems: Type.Record(Type.String(), Type.String(), {
    description: 'what is wrong with which of `fields`: such a value is kept as it came',
  }),
  consent: Nullable(Type.Boolean()),
  consent_text: Text,
  tcpa_text: Text,
  trustedform_cert_url: Text,
  jornaya_lead_id: Text,
  ip: Text,
  user_agent: Text,
  distinct_id: Text,
  external_id: Nullable(Type.String({ description: "the sender's own id of it" })),
  delivery_id: Nullable(Type.Integer({ description: 'the intake delivery that it was made of' })),
  payload: Json,
  stays: Type.Array(LeadStay),
})
export type LeadShown = Static<typeof LeadShown>

/** Each is the order of an index, as `custom.<key>` is. `priority` has the most urgent first and, of these, those that wait longest. */
export const LEAD_SORTS = ['-created_at', '-updated_at', 'follow_up_at', 'priority', '-score'] as const
export type LeadSort = (typeof LEAD_SORTS)[number] | CustomSort

const Value = Type.String({ minLength: 1, maxLength: 500 })

export const LeadsQuery = Type.Object(
  {
    ...ListQuery,
    sort: Type.Optional(
      Type.Unsafe<LeadSort>({
        type: 'string',
        anyOf: [{ enum: [...LEAD_SORTS] }, { pattern: CUSTOM_SORT }],
        description: `${LEAD_SORTS.join(', ')}, or custom.<key> and -custom.<key> for a field of your own`,
      }),
    ),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'part of a name, an e-mail or a phone; or the id of a lead' })),
    pipeline_id: Type.Optional(SmallId),
    status: Type.Optional(StageKey),
    kind: Type.Optional(oneOf(LEAD_KINDS)),
    lead_type: Type.Optional(LeadTypeKey),
    source: Type.Optional(Value),
    campaign: Type.Optional({ ...Value, description: 'its name, or its id where it has no name' }),
    product: Type.Optional(Value),
    state: Type.Optional(Value),
    provider_id: Type.Optional(Value),
    webhook_id: Type.Optional(SmallId),
    assigned_to: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'a user; 0: nobody has it yet' })),
    priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
    contact_id: Type.Optional(SmallId),
    follow_up: Type.Optional({ ...oneOf(['due']), description: 'due: open leads whose follow-up is now or was before' }),
    is_test: Type.Optional(Type.Boolean()),
    since: Type.Optional({ ...Time, description: 'made at or after' }),
    until: Type.Optional({ ...Time, description: 'made before' }),
  },
  { additionalProperties: false, patternProperties: { [CUSTOM_FILTER]: { type: 'string', maxLength: 500 } } },
)
export type LeadsQuery = Static<typeof LeadsQuery> & { [filter: `custom.${string}`]: string }

function text(maxLength: number) {
  return Type.Optional(Nullable(Type.String({ maxLength })))
}

/** What somebody may write into a lead, by hand or by the API. */
const editable = {
  lead_type: Type.Optional(LeadTypeKey),
  priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  assigned_to: Type.Optional(Nullable(SmallId)),
  follow_up_at: Type.Optional(Nullable(Time)),
  contact_attempts: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  score: Type.Optional(Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 })),
  revenue_potential: Type.Optional(
    Nullable(Type.Number({ minimum: 0, maximum: 1_000_000_000_000, description: 'kept to two decimals' })),
  ),
  source: text(200),
  subsource: text(200),
  campaign_id: text(200),
  campaign: text(200),
  utm_source: text(500),
  utm_medium: text(500),
  utm_campaign: text(500),
  utm_term: text(500),
  utm_content: text(500),
  referrer: text(2000),
  landing_page: text(2000),
  product: text(200),
  street: text(500),
  city: text(200),
  state: text(200),
  zip_code: text(50),
  country: text(100),
  fields: Type.Optional({ ...JsonObject, maxProperties: 200, description: 'key by key; null takes one away' }),
  custom: Type.Optional(CustomGiven),
  consent: Type.Optional(Nullable(Type.Boolean())),
  consent_text: text(10_000),
  tcpa_text: text(10_000),
  trustedform_cert_url: text(2000),
  jornaya_lead_id: text(200),
  is_test: Type.Optional(Type.Boolean()),
}

/** Of a contact that is known (`contact_id`), or of a person whose e-mail or phone finds one or makes one. */
export const LeadCreate = Type.Object(
  {
    contact_id: Type.Optional(SmallId),
    email: text(320),
    phone: text(50),
    first_name: text(200),
    last_name: text(200),
    ...editable,
    lead_type: Type.Optional({ ...LeadTypeKey, description: 'general without; see /lead-types' }),
    assigned_to: Type.Optional({
      ...Nullable(SmallId),
      description: 'null: nobody; absent: whom the assignment rules choose',
    }),
    pipeline_id: Type.Optional({ ...SmallId, description: "the workspace's default without" }),
    status: Type.Optional({ ...StageKey, description: 'the first open stage without' }),
    external_id: text(200),
    distinct_id: Type.Optional(
      Nullable(Type.String({ maxLength: 500, description: "of the tracker: joins that visitor's history with the contact" })),
    ),
  },
  { additionalProperties: false },
)
export type LeadCreate = Static<typeof LeadCreate>

/** `status` has its own address, because closing a lead asks for more. */
export const LeadUpdate = Type.Object({ ...editable, if_updated_at: Type.Optional(Time) }, { additionalProperties: false })
export type LeadUpdate = Static<typeof LeadUpdate>

/** The sale with which a lead is won. */
export const LeadConversion = Type.Object(
  {
    type: Type.Optional(Type.String({ pattern: '^[a-z0-9_]{1,50}$', description: 'sale without' })),
    value: Type.Number({ minimum: 0, maximum: 1_000_000_000_000 }),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: "the workspace's without" })),
    order_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    converted_at: Type.Optional(Time),
    data: Type.Optional(JsonObject),
  },
  { additionalProperties: false },
)
export type LeadConversion = Static<typeof LeadConversion>

const closing = {
  lost_reason: Type.Optional(
    Nullable(Type.String({ maxLength: 500, description: 'for a stage of the kind lost; see /lead-lost-reasons' })),
  ),
  conversion: Type.Optional({ ...LeadConversion, description: 'for a stage of the kind won: records the sale as well' }),
}

export const LeadStatusChange = Type.Object(
  { status: StageKey, pipeline_id: Type.Optional(SmallId), ...closing, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type LeadStatusChange = Static<typeof LeadStatusChange>

/**
 * Where a card is put down: `below_id` is the card right above its place, `above_id` the one right below it. One of them is enough;
 * without any it comes on top.
 */
export const LeadMove = Type.Object(
  {
    status: StageKey,
    below_id: Type.Optional(Nullable(LeadId)),
    above_id: Type.Optional(Nullable(LeadId)),
    ...closing,
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type LeadMove = Static<typeof LeadMove>

/** The same change for a selection of leads. */
export const LeadSelectionChange = Type.Object(
  {
    ids: Type.Array(LeadId, { minItems: 1, maxItems: 200, uniqueItems: true }),
    assigned_to: Type.Optional(Nullable(SmallId)),
    priority: Type.Optional(editable.priority),
    follow_up_at: Type.Optional(Nullable(Time)),
    status: Type.Optional(StageKey),
    lost_reason: closing.lost_reason,
  },
  { additionalProperties: false },
)
export type LeadSelectionChange = Static<typeof LeadSelectionChange>
export const LeadSelectionChanged = Type.Object({ leads: Type.Integer({ description: 'how many are different now' }) })

const column = {
  status: Type.String(),
  name: Type.String(),
  kind: oneOf(LEAD_KINDS),
  leads: Type.Integer({ description: 'how many there are; test leads do not count' }),
  revenue_potential: Type.Number({ description: 'the sum of theirs' }),
}

/** A pipeline as columns of cards, each with its first ones. */
export const Board = Type.Object({
  pipeline_id: Type.Integer(),
  name: Type.String(),
  columns: Type.Array(Type.Object({ ...column, data: Type.Array(Lead), next_cursor: Nullable(Type.String()) })),
})
export type Board = Static<typeof Board>
export type BoardColumn = Board['columns'][number]

/** With `status` it is that column alone, and `cursor` (the column's `next_cursor`) asks for its next cards. */
export const BoardQuery = Type.Object(
  {
    pipeline_id: Type.Optional({ ...SmallId, description: "the workspace's default without" }),
    assigned_to: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'a user; 0: nobody has it' })),
    status: Type.Optional(StageKey),
    ...ListQuery,
  },
  { additionalProperties: false },
)
export type BoardQuery = Static<typeof BoardQuery>

/** What was changed about a lead: its activities and those of its tasks, the newest first. */
export const LeadEvent = Activity
export type LeadEvent = Static<typeof LeadEvent>

/** What people wrote as the reason for a loss, the most used first. */
export const LostReasons = Type.Object({ data: Type.Array(Type.Object({ reason: Type.String(), leads: Type.Integer() })) })
export type LostReasons = Static<typeof LostReasons>
