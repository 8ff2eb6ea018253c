import Type, { type Static } from 'typebox'
import { Activity } from './events.ts'
import { Actor, JsonObject, ListQuery, Nullable, oneOf, Page, Time } from './shape.ts'

/** The ready ones; a workspace may call its own whatever it likes, in small letters, digits and underscores. */
export const CONVERSION_TYPES = ['sale', 'appointment', 'qualified', 'proposal', 'contract'] as const
/** void: entered by mistake, and counted nowhere. refunded: all of it went back; it still happened. */
export const CONVERSION_STATUSES = ['active', 'refunded', 'void'] as const
export type ConversionStatus = (typeof CONVERSION_STATUSES)[number]
export const CONVERSION_SOURCES = ['api', 'event', 'lead', 'appointment', 'import'] as const
export type ConversionSource = (typeof CONVERSION_SOURCES)[number]

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const BigId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Text = Nullable(Type.String())
export const ConversionType = Type.String({
  pattern: '^[a-z0-9_]{1,50}$',
  description: `${CONVERSION_TYPES.join(', ')}, or one of your own`,
})
const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' })

/** A trillion, to the cent: as much as a number of JSON carries exactly, with sums far from any limit. */
export const MOST_VALUE = 999_999_999_999.99
const Value = Type.Number({ minimum: 0, maximum: MOST_VALUE, description: 'in units of the currency, at most two decimals' })

/** What was won. Money is a number with at most two decimals. */
export const Conversion = Type.Object({
  id: Type.Integer(),
  contact_id: Nullable(
    Type.Integer({ description: 'whose it is now, after merges and log-ins; null: of a visitor nobody knows' }),
  ),
  contact_name: Text,
  visitor_id: Nullable(Type.Integer({ description: "of what an event says: it is the contact's when the visitor is" })),
  lead_id: Nullable(Type.Integer()),
  type: Type.String(),
  value: Type.Number(),
  refunded: Type.Number(),
  currency: Type.String(),
  status: oneOf(CONVERSION_STATUSES),
  source: oneOf(CONVERSION_SOURCES),
  order_id: Text,
  booking_id: Text,
  appointment_id: Nullable(Type.Integer({ description: 'of which it came' })),
  event_id: Nullable(Type.Integer()),
  is_test: Type.Boolean({ description: 'counts nowhere' }),
  converted_by: Actor,
  converted_at: Time,
  data: JsonObject,
  created_at: Time,
  updated_at: Time,
})
export type Conversion = Static<typeof Conversion>
export const Conversions = Page(Conversion)

const OrderId = Type.String({ minLength: 1, maxLength: 200 })
const Data = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, maxProperties: 100 })

/** Of a contact, of a lead (then of its contact), or of a visitor by its `distinct_id`: one of the three at least. */
export const ConversionCreate = Type.Object(
  {
    contact_id: Type.Optional(SmallId),
    lead_id: Type.Optional(
      Nullable({ ...BigId, description: "absent: the contact's open lead, if there is exactly one; null: of no lead" }),
    ),
    distinct_id: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'of a visitor who was seen' })),
    type: Type.Optional({ ...ConversionType, default: 'sale' }),
    value: Type.Optional({ ...Value, default: 0 }),
    currency: Type.Optional({ ...Currency, description: "the workspace's without" }),
    order_id: Type.Optional({ ...OrderId, description: 'one makes one conversion: the same again answers with the first' }),
    booking_id: Type.Optional({ ...OrderId, description: 'one makes one conversion of each type' }),
    converted_at: Type.Optional({ ...Time, description: 'now without' }),
    is_test: Type.Optional({ ...Type.Boolean(), description: 'stored, and counted nowhere' }),
    data: Type.Optional(Data),
  },
  { additionalProperties: false },
)
export type ConversionCreate = Static<typeof ConversionCreate>

/** A correction: the conversion is as if it had been entered like this. What went back to the customer is a refund. */
export const ConversionUpdate = Type.Object(
  {
    contact_id: Type.Optional(SmallId),
    lead_id: Type.Optional(Nullable(BigId)),
    type: Type.Optional(ConversionType),
    value: Type.Optional(Value),
    currency: Type.Optional(Currency),
    order_id: Type.Optional(Nullable(OrderId)),
    booking_id: Type.Optional(Nullable(OrderId)),
    converted_at: Type.Optional(Time),
    is_test: Type.Optional(Type.Boolean()),
    data: Type.Optional(Data),
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type ConversionUpdate = Static<typeof ConversionUpdate>

export const RefundCreate = Type.Object(
  {
    amount: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: MOST_VALUE, description: 'what is left of the value without' }),
    ),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
)
export type RefundCreate = Static<typeof RefundCreate>

export const CONVERSION_SORTS = ['-converted_at', 'converted_at'] as const

export const ConversionsQuery = Type.Object(
  {
    ...ListQuery,
    sort: Type.Optional(oneOf(CONVERSION_SORTS)),
    type: Type.Optional(ConversionType),
    status: Type.Optional(oneOf(CONVERSION_STATUSES)),
    source: Type.Optional(oneOf(CONVERSION_SOURCES)),
    currency: Type.Optional(Currency),
    contact_id: Type.Optional(SmallId),
    lead_id: Type.Optional(BigId),
    order_id: Type.Optional(OrderId),
    booking_id: Type.Optional(OrderId),
    appointment_id: Type.Optional(BigId),
    is_test: Type.Optional(Type.Boolean()),
    since: Type.Optional({ ...Time, description: 'converted at or after' }),
    until: Type.Optional({ ...Time, description: 'converted before' }),
  },
  { additionalProperties: false },
)
export type ConversionsQuery = Static<typeof ConversionsQuery>

/** What was changed about a conversion (`GET /conversions/:id/events`), the newest first. */
export const ConversionEvent = Activity
export type ConversionEvent = Static<typeof ConversionEvent>
