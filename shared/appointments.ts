import Type, { type Static } from 'typebox'
import { Activity } from './events.ts'
import { Actor, JsonObject, ListQuery, Nullable, oneOf, Time } from './shape.ts'

/** `held`: a slot that somebody is about to book; such rows are in no list. */
export const APPOINTMENT_STATUSES = [
  'pending',
  'scheduled',
  'confirmed',
  'rescheduled',
  'completed',
  'cancelled',
  'no_show',
] as const
export type AppointmentStatus = (typeof APPOINTMENT_STATUSES)[number]
/** Those that take the person's time; the others have ended. `rescheduled` is scheduled again, at another time. */
export const OPEN_STATUSES = ['pending', 'scheduled', 'confirmed', 'rescheduled'] as const satisfies readonly AppointmentStatus[]

export const PLACES = ['home', 'office', 'phone', 'video'] as const
export type Place = (typeof PLACES)[number]

/** What comes ready; a workspace may write any other word. `won` makes a conversion, when there is a value. */
export const OUTCOMES = ['won', 'lost', 'follow_up', 'not_interested'] as const

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Text = Nullable(Type.String())
export const AppointmentTypeKey = Type.String({ pattern: '^[a-z0-9_]{1,50}$' })
export const TimeZone = Type.String({ minLength: 1, maxLength: 64, description: 'IANA: America/New_York' })
export const Minutes = Type.Integer({ minimum: 1, maximum: 1440, description: 'minutes' })

export const AppointmentContact = Type.Object({ id: Type.Integer(), name: Text, email: Text, phone: Text })

export const Appointment = Type.Object({
  id: Type.Integer(),
  contact_id: Type.Integer({ description: 'after a merge, the contact that is left' }),
  contact: AppointmentContact,
  lead_id: Nullable(Type.Integer()),
  type: Type.String({ description: 'the key of an appointment type, or what a provider called it' }),
  scheduled_at: Time,
  duration_minutes: Type.Integer(),
  ends_at: Time,
  time_zone: Type.String({ description: "the customer's" }),
  place: oneOf(PLACES),
  location: Text,
  assigned_to: Nullable(Type.Integer({ description: 'a user; null: nobody has it yet' })),
  status: oneOf(APPOINTMENT_STATUSES),
  estimated_value: Nullable(Type.Number()),
  outcome: Text,
  next_step: Text,
  next_step_at: Nullable(Time),
  source: Text,
  product: Text,
  reschedule_count: Type.Integer(),
  blocks: Type.Boolean({ description: 'false: it may lie beside another one of the same person' }),
  version: Type.Integer({ description: 'rises with time, place, person and end' }),
  is_test: Type.Boolean(),
  copy_workspace_id: Nullable(Type.Integer({ description: 'the workspace that it was handed on to' })),
  origin_workspace_id: Nullable(Type.Integer({ description: 'the workspace that handed it on' })),
  created_at: Time,
  updated_at: Time,
})
export type Appointment = Static<typeof Appointment>

/** Everything about one. */
export const AppointmentShown = Type.Object({
  ...Appointment.properties,
  notes: Nullable(Type.String({ description: 'inside' })),
  customer_notes: Text,
  cancel_reason: Text,
  booked_by: Actor,
  language: Text,
  score: Nullable(Type.Integer()),
  street: Text,
  city: Text,
  state: Text,
  zip_code: Text,
  country: Text,
  fields: JsonObject,
  before_minutes: Type.Integer({ description: 'kept free before it' }),
  after_minutes: Type.Integer({ description: 'kept free after it' }),
  webhook_id: Nullable(Type.Integer()),
  provider_id: Text,
  external_id: Text,
  decision_id: Nullable(Type.Integer({ description: 'why it is whose it is; see /routing-decisions' })),
  copy_id: Nullable(Type.Integer()),
  origin_id: Nullable(Type.Integer()),
  confirmed_at: Nullable(Time),
  ended_at: Nullable(Time),
  reminders: Type.Array(
    Type.Object({
      recipient: oneOf(['customer', 'staff']),
      before_minutes: Type.Integer(),
      due_at: Time,
      state: oneOf(['waiting', 'sent', 'skipped']),
      reason: Text,
    }),
    { description: 'of its version, the earliest first' },
  ),
})
export type AppointmentShown = Static<typeof AppointmentShown>

/** What was changed about an appointment (`GET /appointments/:id/events`), the newest first. */
export const AppointmentEvent = Activity
export type AppointmentEvent = Static<typeof AppointmentEvent>

function text(maxLength: number) {
  return Type.Optional(Nullable(Type.String({ maxLength })))
}

/** What somebody may write into one at any time. */
const editable = {
  place: Type.Optional(oneOf(PLACES)),
  location: text(2000),
  notes: text(20_000),
  customer_notes: text(20_000),
  estimated_value: Type.Optional(Nullable(Type.Number({ minimum: 0, maximum: 1_000_000_000_000 }))),
  next_step: text(2000),
  next_step_at: Type.Optional(Nullable(Time)),
  source: text(200),
  product: text(200),
  language: text(35),
  score: Type.Optional(Nullable(Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 }))),
  street: text(500),
  city: text(200),
  state: text(200),
  zip_code: text(50),
  country: text(100),
  fields: Type.Optional({ ...JsonObject, maxProperties: 200 }),
}

const AllowOverlap = Type.Optional(
  Type.Boolean({ description: 'beside another one of the same person, or outside of their hours: on purpose, and so told' }),
)

/**
 * Of a contact (`contact_id`), of a lead (`lead_id`), or of a person whose e-mail or phone finds one or makes one. Without `assigned_to` the routing
 * rules choose; null: nobody.
 */
export const AppointmentCreate = Type.Object(
  {
    contact_id: Type.Optional(SmallId),
    lead_id: Type.Optional(
      Nullable({ ...Id, description: "absent: the contact's open lead, if there is exactly one; null: of no lead" }),
    ),
    email: text(320),
    phone: text(50),
    first_name: text(200),
    last_name: text(200),
    type: Type.Optional({ ...AppointmentTypeKey, description: "consultation without; its settings are the appointment's" }),
    scheduled_at: { ...Time, description: 'not in the past' },
    duration_minutes: Type.Optional({ ...Minutes, description: "minutes; the type's without" }),
    time_zone: Type.Optional({ ...TimeZone, description: "the customer's; the workspace's without" }),
    assigned_to: Type.Optional(Nullable(SmallId)),
    status: Type.Optional(oneOf(['pending', 'scheduled', 'confirmed'])),
    allow_overlap: AllowOverlap,
    is_test: Type.Optional(Type.Boolean()),
    external_id: text(200),
    ...editable,
  },
  { additionalProperties: false },
)
export type AppointmentCreate = Static<typeof AppointmentCreate>

/** Time and person have their own address, because they may be taken. */
export const AppointmentUpdate = Type.Object({ ...editable, if_updated_at: Type.Optional(Time) }, { additionalProperties: false })
export type AppointmentUpdate = Static<typeof AppointmentUpdate>

/** The row and, when free, the person stay. 409 `slot_taken` with what is free instead. */
export const AppointmentReschedule = Type.Object(
  {
    scheduled_at: Time,
    duration_minutes: Type.Optional(Minutes),
    assigned_to: Type.Optional(Nullable(SmallId)),
    allow_overlap: AllowOverlap,
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type AppointmentReschedule = Static<typeof AppointmentReschedule>

export const AppointmentAssign = Type.Object(
  { assigned_to: Nullable(SmallId), allow_overlap: AllowOverlap, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export const AppointmentHandOn = Type.Object(
  { workspace_id: { ...SmallId, description: 'of the same organization; see /workspaces/partners' } },
  { additionalProperties: false },
)
export const AppointmentCancel = Type.Object(
  { reason: text(2000), if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
/** What came of it. `conversion` records the sale as well. */
export const AppointmentComplete = Type.Object(
  {
    outcome: text(200),
    next_step: editable.next_step,
    next_step_at: editable.next_step_at,
    notes: editable.notes,
    conversion: Type.Optional(
      Type.Object(
        {
          type: Type.Optional(Type.String({ pattern: '^[a-z0-9_]{1,50}$', description: 'sale without' })),
          value: Type.Number({ minimum: 0, maximum: 1_000_000_000_000 }),
          currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: "the workspace's without" })),
          order_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        },
        { additionalProperties: false },
      ),
    ),
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type AppointmentComplete = Static<typeof AppointmentComplete>

/** Each is the order of an index. */
export const APPOINTMENT_SORTS = ['scheduled_at', '-scheduled_at'] as const

export const AppointmentsQuery = Type.Object(
  {
    ...ListQuery,
    sort: Type.Optional(oneOf(APPOINTMENT_SORTS)),
    q: Type.Optional(
      Type.String({ maxLength: 200, description: 'part of a name, an e-mail or a phone; or the id of an appointment' }),
    ),
    since: Type.Optional({ ...Time, description: 'that end after' }),
    until: Type.Optional({ ...Time, description: 'that begin before' }),
    status: Type.Optional(oneOf(APPOINTMENT_STATUSES)),
    open: Type.Optional(Type.Boolean({ description: 'true: not ended yet' })),
    type: Type.Optional(Type.String({ maxLength: 200 })),
    assigned_to: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'a user; 0: nobody has it yet' })),
    contact_id: Type.Optional(SmallId),
    lead_id: Type.Optional(Id),
    is_test: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type AppointmentsQuery = Static<typeof AppointmentsQuery>

/** A time at which somebody is free. */
export const Slot = Type.Object({
  starts_at: Time,
  ends_at: Time,
  user_ids: Type.Array(Type.Integer(), { description: 'who is free; not told to customers' }),
})
export type Slot = Static<typeof Slot>

export const SlotsQuery = Type.Object(
  {
    type: Type.Optional(AppointmentTypeKey),
    user_id: Type.Optional({ ...SmallId, description: "one person; without, the type's pool" }),
    pool_id: Type.Optional(SmallId),
    since: Type.Optional({ ...Time, description: 'now without' }),
    until: Type.Optional({ ...Time, description: 'at most 62 days later; a week without' }),
    duration_minutes: Type.Optional(Minutes),
    instead_of: Type.Optional({ ...Id, description: 'an appointment that will be moved: its own time counts as free' }),
  },
  { additionalProperties: false },
)
export type SlotsQuery = Static<typeof SlotsQuery>
export const Slots = Type.Object({ data: Type.Array(Slot) })

/** What can be booked. */
export const Reminder = Type.Object(
  { before_minutes: Type.Integer({ minimum: 0, maximum: 43_200 }), to: oneOf(['customer', 'staff']) },
  { additionalProperties: false },
)
const typeSettings = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  description: Nullable(Type.String({ maxLength: 5000 })),
  duration_minutes: Minutes,
  interval_minutes: Type.Integer({ minimum: 5, maximum: 1440, description: 'slots begin so far apart' }),
  place: oneOf(PLACES),
  location: Nullable(Type.String({ maxLength: 2000 })),
  before_minutes: Type.Integer({ minimum: 0, maximum: 1440, description: 'kept free before it' }),
  after_minutes: Type.Integer({ minimum: 0, maximum: 1440, description: 'kept free after it' }),
  notice_minutes: Type.Integer({ minimum: 0, maximum: 525_600, description: 'not booked later than so long before' }),
  horizon_days: Type.Integer({ minimum: 1, maximum: 366 }),
  confirmation: oneOf(['automatic', 'by_hand']),
  hold_minutes: Type.Integer({ minimum: 1, maximum: 60 }),
  grace_minutes: Nullable(
    Type.Integer({
      minimum: 0,
      maximum: 10_080,
      description: 'so long after its end it is a no-show by itself; null: by hand only',
    }),
  ),
  reminders: Type.Array(Reminder, { maxItems: 10 }),
  pool_id: Nullable(Type.Integer({ description: 'whose time is offered' })),
  address: Nullable(Type.String({ pattern: '^[a-z0-9-]{3,100}$', description: 'of the booking page: /book/{address}' })),
  is_public: Type.Boolean({ description: 'whether customers can book it there' }),
  position: Type.Integer({ minimum: 1, maximum: 10_000 }),
}
export const AppointmentType = Type.Object({ key: AppointmentTypeKey, ...typeSettings, created_at: Time, updated_at: Time })
export type AppointmentType = Static<typeof AppointmentType>
export const AppointmentTypes = Type.Object({ data: Type.Array(AppointmentType) })

const { name, ...others } = typeSettings
export const AppointmentTypeCreate = Type.Object(
  { key: AppointmentTypeKey, name, ...Type.Partial(Type.Object(others)).properties },
  { additionalProperties: false },
)
export type AppointmentTypeCreate = Static<typeof AppointmentTypeCreate>
export const AppointmentTypeUpdate = Type.Object(
  { ...Type.Partial(Type.Object(typeSettings)).properties, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type AppointmentTypeUpdate = Static<typeof AppointmentTypeUpdate>
