import Type, { type Static } from 'typebox'
import { Nullable, oneOf } from './shape.ts'

export const LEAD_REPORT_DIMENSIONS = [
  'source',
  'campaign',
  'provider',
  'assignee',
  'product',
  'state',
  'webhook',
  'lead_type',
] as const
export type LeadReportDimension = (typeof LEAD_REPORT_DIMENSIONS)[number]
export const REPORT_INTERVALS = ['day', 'week', 'month'] as const
export type ReportInterval = (typeof REPORT_INTERVALS)[number]

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a day in UTC: 2026-01-31' })

const period = {
  from: Type.Optional({ ...Day, description: 'first day; 30 days up to `to` without' }),
  to: Type.Optional({ ...Day, description: 'last day, it counts as well; today without' }),
  interval: Type.Optional({ ...oneOf(REPORT_INTERVALS), description: 'of the series; weeks begin on Monday', default: 'day' }),
}
const limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 500, default: 100, description: 'groups; the rest is in `others`' }),
)

export const LeadReportQuery = Type.Object(
  { ...period, by: Type.Optional({ ...oneOf(LEAD_REPORT_DIMENSIONS), default: 'source' }), limit },
  { additionalProperties: false },
)
export type LeadReportQuery = Static<typeof LeadReportQuery>

/** Leads are counted on the day on which they came, whenever they converted: so a rate is of one crowd. */
const lead_sums = {
  leads: Type.Integer(),
  converted: Type.Integer({ description: 'of these leads, those with a conversion' }),
  rate: Nullable(Type.Number({ description: 'converted / leads, 0 to 1; null without leads' })),
  revenue: Type.Number({ description: "of these leads' conversions, less refunds" }),
  seconds_to_conversion: Nullable(Type.Number({ description: 'on average, from the lead to its first conversion' })),
}
export const LeadSums = Type.Object(lead_sums)
export type LeadSums = Static<typeof LeadSums>

const head = {
  from: Day,
  to: Day,
  previous_from: { ...Day, description: 'as many days, right before' },
  previous_to: Day,
  interval: oneOf(REPORT_INTERVALS),
  time_zone: Type.String({ description: 'of the days: UTC' }),
  currency: Type.String({ description: "the workspace's; of other currencies nothing is summed" }),
}

const LeadGroup = Type.Object({
  value: Type.String({ description: 'as the filters of /leads take it; empty where it is not known' }),
  label: Nullable(Type.String({ description: 'the name of a webhook, provider, user or lead type' })),
  ...lead_sums,
  previous: LeadSums,
})
const LeadPoint = Type.Object({ day: { ...Day, description: 'the first of the interval within the period' }, ...lead_sums })

export const LeadReport = Type.Object({
  ...head,
  by: oneOf(LEAD_REPORT_DIMENSIONS),
  totals: LeadSums,
  previous: LeadSums,
  groups: Type.Array(LeadGroup, { description: 'the most leads first' }),
  others: Nullable(Type.Object({ groups: Type.Integer(), ...lead_sums, previous: LeadSums })),
  series: Type.Array(LeadPoint, { description: 'without gaps' }),
  previous_series: Type.Array(LeadPoint),
})
export type LeadReport = Static<typeof LeadReport>

export const ConversionReportQuery = Type.Object(
  { ...period, by: Type.Optional({ ...oneOf(['type', 'day'] as const), default: 'type' }), limit },
  { additionalProperties: false },
)
export type ConversionReportQuery = Static<typeof ConversionReportQuery>

const conversion_sums = {
  conversions: Type.Integer({ description: 'in any currency; void ones and tests do not count' }),
  revenue: Type.Number({ description: 'less refunds' }),
  refunded: Type.Number(),
}
export const ConversionSums = Type.Object(conversion_sums)
export type ConversionSums = Static<typeof ConversionSums>

const ConversionGroup = Type.Object({
  value: Type.String({ description: 'a type, or a day' }),
  ...conversion_sums,
  previous: ConversionSums,
})
const ConversionPoint = Type.Object({ day: Day, ...conversion_sums })

export const ConversionReport = Type.Object({
  ...head,
  by: oneOf(['type', 'day'] as const),
  totals: ConversionSums,
  previous: ConversionSums,
  groups: Type.Array(ConversionGroup, { description: 'of types the greatest revenue first; of days the newest first' }),
  others: Nullable(Type.Object({ groups: Type.Integer(), ...conversion_sums, previous: ConversionSums })),
  series: Type.Array(ConversionPoint, { description: 'without gaps' }),
  previous_series: Type.Array(ConversionPoint),
  other_currencies: Type.Array(Type.Object({ currency: Type.String(), ...conversion_sums }), {
    description: 'what is not in the sums of money above, in its own currency',
  }),
})
export type ConversionReport = Static<typeof ConversionReport>

export const APPOINTMENT_REPORT_DIMENSIONS = ['assignee', 'type', 'source', 'product', 'webhook'] as const
export type AppointmentReportDimension = (typeof APPOINTMENT_REPORT_DIMENSIONS)[number]

export const AppointmentReportQuery = Type.Object(
  { ...period, by: Type.Optional({ ...oneOf(APPOINTMENT_REPORT_DIMENSIONS), default: 'assignee' }), limit },
  { additionalProperties: false },
)
export type AppointmentReportQuery = Static<typeof AppointmentReportQuery>

/** Appointments are counted on the day on which they begin. */
const appointment_sums = {
  booked: Type.Integer({ description: 'all of them' }),
  completed: Type.Integer(),
  no_show: Type.Integer(),
  cancelled: Type.Integer(),
  show_rate: Nullable(Type.Number({ description: 'completed / (completed + no-shows), 0 to 1; null without any' })),
  won: Type.Integer({ description: 'completed with the outcome won' }),
  won_value: Type.Number({ description: 'their estimated value' }),
}
export const AppointmentSums = Type.Object(appointment_sums)
export type AppointmentSums = Static<typeof AppointmentSums>
const AppointmentPoint = Type.Object({
  day: { ...Day, description: 'the first of the interval within the period' },
  ...appointment_sums,
})

export const AppointmentReport = Type.Object({
  ...head,
  by: oneOf(APPOINTMENT_REPORT_DIMENSIONS),
  totals: AppointmentSums,
  previous: AppointmentSums,
  groups: Type.Array(
    Type.Object({
      value: Type.String({ description: 'empty where it is not known' }),
      label: Nullable(Type.String({ description: 'the name of a user, a type or a webhook' })),
      ...appointment_sums,
      previous: AppointmentSums,
    }),
    { description: 'the most appointments first' },
  ),
  others: Nullable(Type.Object({ groups: Type.Integer(), ...appointment_sums, previous: AppointmentSums })),
  series: Type.Array(AppointmentPoint, { description: 'without gaps' }),
  previous_series: Type.Array(AppointmentPoint),
})
export type AppointmentReport = Static<typeof AppointmentReport>
