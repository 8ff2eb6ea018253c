import Type, { type Static } from 'typebox'
import { TimeZone } from './appointments.ts'
import { Nullable, Time } from './shape.ts'

/** What a clock on the wall shows: 09:00; 24:00 is the end of the day. */
export const WallClock = Type.String({ pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' })
export const LocalDate = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description: 'a day of their zone: 2026-12-24' })

const Hours = Type.Object({ opens: WallClock, closes: WallClock }, { additionalProperties: false })
export const WeekdayHours = Type.Object(
  { weekday: Type.Integer({ minimum: 1, maximum: 7, description: '1 is Monday' }), ...Hours.properties },
  { additionalProperties: false },
)
/** A date on which the hours are others; none: away. */
export const DateHours = Type.Object(
  { date: LocalDate, hours: Type.Array(Hours, { maxItems: 10 }) },
  { additionalProperties: false },
)

export const Absence = Type.Object({ id: Type.Integer(), starts_at: Time, ends_at: Time, reason: Nullable(Type.String()) })
export type Absence = Static<typeof Absence>
export const AbsenceCreate = Type.Object(
  { starts_at: Time, ends_at: Time, reason: Type.Optional(Nullable(Type.String({ maxLength: 500 }))) },
  { additionalProperties: false },
)

const settings = {
  time_zone: TimeZone,
  bookable: Type.Boolean(),
  before_minutes: Type.Integer({
    minimum: 0,
    maximum: 1440,
    description: "kept free before an appointment; the larger of this and the type's",
  }),
  after_minutes: Type.Integer({ minimum: 0, maximum: 1440 }),
  notice_minutes: Type.Integer({ minimum: 0, maximum: 525_600 }),
  daily_limit: Nullable(Type.Integer({ minimum: 1, maximum: 1000, description: 'appointments a day of their zone' })),
  hours: Type.Array(WeekdayHours, { maxItems: 70, description: 'those of one day do not overlap; a night shift is two' }),
  dates: Type.Array(DateHours, { maxItems: 1000 }),
}

/** What somebody has elsewhere. `error`: why it could not be read the last time, in words; what was read before counts on. */
export const BusyCalendar = Type.Object({
  host: Type.String({ description: 'of the address; the rest is a secret' }),
  read_at: Nullable(Time),
  tried_at: Nullable(Time),
  error: Nullable(Type.String()),
})
export type BusyCalendar = Static<typeof BusyCalendar>

/** Somebody who works here, and when they can be booked. Without `time_zone` nobody said so yet: they have no hours. */
export const StaffMember = Type.Object({
  user_id: Type.Integer(),
  name: Type.String(),
  email: Type.String(),
  ...settings,
  time_zone: Nullable(TimeZone),
  absences: Type.Array(Absence, { description: 'that are not over' }),
  has_feed: Type.Boolean({ description: 'whether their private calendar address exists' }),
  busy: Nullable(BusyCalendar),
  updated_at: Nullable(Time),
})
export type StaffMember = Static<typeof StaffMember>
export const Staff = Type.Object({ data: Type.Array(StaffMember) })

/** `hours` and `dates` are given as a whole. */
export const StaffUpdate = Type.Object(
  { ...Type.Partial(Type.Object(settings)).properties, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type StaffUpdate = Static<typeof StaffUpdate>

/** Shown once. */
export const FeedAddress = Type.Object({ url: Type.String() })
export const BusyAddress = Type.Object({ url: Type.String({ minLength: 1, maxLength: 2000 }) }, { additionalProperties: false })
