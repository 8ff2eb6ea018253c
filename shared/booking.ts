import Type, { type Static } from 'typebox'
import { PLACES, TimeZone } from './appointments.ts'
import { Nullable, Time } from './shape.ts'

// What customers see and say without an account. Nothing in it names who works there by id, or who else has booked.

const Place = Type.Unsafe<(typeof PLACES)[number]>({ type: 'string', enum: [...PLACES] })
const Text = Nullable(Type.String())

function text(maxLength: number) {
  return Type.Optional(Nullable(Type.String({ maxLength })))
}

export const BookingAddressParams = Type.Object({ address: Type.String({ maxLength: 100 }) })
export const BookingTokenParams = Type.Object({ token: Type.String({ maxLength: 100 }) })

/** What can be booked at an address. */
export const BookingPage = Type.Object({
  address: Type.String(),
  name: Type.String(),
  description: Text,
  duration_minutes: Type.Integer(),
  place: Place,
  location: Nullable(Type.String({ description: 'of an office; links and numbers are told to whoever has booked' })),
  workspace: Type.String({ description: 'with whom' }),
  time_zone: Type.String({ description: "the workspace's" }),
  horizon_days: Type.Integer({ description: 'so many days ahead can be booked' }),
  confirmation: Type.Unsafe<'automatic' | 'by_hand'>({ type: 'string', enum: ['automatic', 'by_hand'] }),
})
export type BookingPage = Static<typeof BookingPage>

export const BookingSlotsQuery = Type.Object(
  {
    since: Type.Optional({ ...Time, description: 'now without' }),
    until: Type.Optional({ ...Time, description: 'at most 62 days later; a week without' }),
    time_zone: Type.Optional({ ...TimeZone, description: "the customer's, for `date`; the workspace's without" }),
  },
  { additionalProperties: false },
)
export type BookingSlotsQuery = Static<typeof BookingSlotsQuery>

export const BookingSlots = Type.Object({
  time_zone: Type.String({ description: 'of `date`' }),
  data: Type.Array(
    Type.Object({
      starts_at: Time,
      ends_at: Time,
      date: Type.String({ description: 'the day on which it begins there: 2026-12-01' }),
    }),
  ),
})
export type BookingSlots = Static<typeof BookingSlots>

const Token = Type.String({ minLength: 1, maxLength: 100 })

export const BookingHoldCreate = Type.Object(
  {
    starts_at: { ...Time, description: 'one of the slots' },
    hold_token: Type.Optional({ ...Token, description: 'of what was held before: it is given back' }),
  },
  { additionalProperties: false },
)
export type BookingHoldCreate = Static<typeof BookingHoldCreate>

export const BookingHold = Type.Object({ hold_token: Type.String(), starts_at: Time, ends_at: Time, expires_at: Time })
export type BookingHold = Static<typeof BookingHold>

/** With a `hold_token` what is held; without one, or when it ran out, `starts_at`. */
export const BookingCreate = Type.Object(
  {
    hold_token: Type.Optional(Token),
    starts_at: Type.Optional({ ...Time, description: 'one of the slots' }),
    first_name: Type.String({ minLength: 1, maxLength: 200 }),
    last_name: text(200),
    email: Type.String({ minLength: 1, maxLength: 320 }),
    phone: text(50),
    time_zone: TimeZone,
    customer_notes: text(5000),
    street: text(500),
    city: text(200),
    state: text(200),
    zip_code: text(50),
    country: text(100),
    fields: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1, maxLength: 100 }),
        Type.Unsafe<string | number | boolean | null>({ type: ['string', 'number', 'boolean', 'null'], maxLength: 2000 }),
        { maxProperties: 50, description: 'answers to questions of the page' },
      ),
    ),
    distinct_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: "the tracker's, of this browser" })),
    website: Type.Optional(
      Type.String({ maxLength: 2000, description: 'must be empty: people do not see this field, programs fill it in' }),
    ),
  },
  { additionalProperties: false },
)
export type BookingCreate = Static<typeof BookingCreate>

/** An appointment as its customer sees it. */
export const Booking = Type.Object({
  token: Type.String({ description: 'with which it can be moved and cancelled, without an account' }),
  manage_url: Type.String(),
  address: Nullable(Type.String({ description: 'of the page where such can be booked; null: there is none any more' })),
  name: Type.String({ description: 'what it is' }),
  workspace: Type.String(),
  host: Nullable(Type.String({ description: 'whom they will meet' })),
  starts_at: Time,
  ends_at: Time,
  time_zone: Type.String({ description: "the customer's" }),
  place: Place,
  location: Text,
  status: Type.Unsafe<string>({
    type: 'string',
    enum: ['pending', 'scheduled', 'confirmed', 'rescheduled', 'completed', 'cancelled', 'no_show'],
    description: 'pending: somebody has to accept it',
  }),
  can_change: Type.Boolean({ description: 'whether it can be moved and cancelled still' }),
})
export type Booking = Static<typeof Booking>

export const BookingReschedule = Type.Object(
  { starts_at: { ...Time, description: 'one of the slots' } },
  { additionalProperties: false },
)
export type BookingReschedule = Static<typeof BookingReschedule>

export const BookingCancel = Type.Object({ reason: text(2000) }, { additionalProperties: false })
export type BookingCancel = Static<typeof BookingCancel>
