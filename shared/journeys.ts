import Type, { type Static } from 'typebox'
import { REPORT_INTERVALS } from './reports.ts'
import { Nullable, oneOf, Time } from './shape.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a day in the zone of the report: 2026-01-31' })

export const WATCH_SEGMENTS = ['no_show', 'skimmer', 'sampler', 'engaged', 'hot'] as const

/** Of which people and days a report is. */
const scope = {
  funnel_id: Type.Optional(Type.String({ maxLength: 200, description: 'all of the workspace without' })),
  from: Type.Optional({ ...Day, description: 'first day; 30 days up to `to` without' }),
  to: Type.Optional({ ...Day, description: 'last day, it counts as well; today without' }),
  time_zone: Type.Optional(Type.String({ maxLength: 60, description: 'such as Europe/Berlin; UTC without' })),
  segment: Type.Optional(oneOf(WATCH_SEGMENTS, 'only people whose watching in this funnel makes them this')),
  segment_id: Type.Optional(Type.Integer({ minimum: 1, description: 'only contacts who are in this segment of your own now' })),
  utm_source: Type.Optional(Type.String({ maxLength: 300, description: 'only people whose first visit came from there' })),
  rule: Type.Optional(
    Type.String({
      maxLength: 8000,
      description:
        'only contacts who fit a rule as segments have it, as JSON: {"kind": "property", "name": "plan", "is": "equals", "value": "pro"}',
    }),
  ),
}
export const JourneyReportQuery = Type.Object(
  { ...scope, interval: Type.Optional({ ...oneOf(REPORT_INTERVALS), default: 'day' }) },
  { additionalProperties: false },
)
export type JourneyReportQuery = Static<typeof JourneyReportQuery>

const head = {
  funnel_id: Nullable(Type.String()),
  from: Day,
  to: Day,
  previous_from: { ...Day, description: 'as many days, right before' },
  previous_to: Day,
  interval: oneOf(REPORT_INTERVALS),
  time_zone: Type.String(),
}

/** What happened on these days, whenever the people had registered. People count on the day of their first time. */
const happened = {
  registration_views: Type.Integer({ description: 'people who saw a registration page' }),
  registrations: Type.Integer(),
  confirmations: Type.Integer({ description: 'e-mails that were confirmed' }),
  views: Type.Integer({ description: 'people who came to the watch page or started a video' }),
  offer_views: Type.Integer(),
  conversions: Type.Integer({ description: 'each of them counts, also the second of a person; of the goal of the funnel' }),
  converted: Type.Integer({ description: 'people who converted for the first time' }),
  revenue: Type.Number({ description: 'less refunds, in the currency of the report' }),
}
export const Happened = Type.Object(happened)
export type Happened = Static<typeof Happened>
const HappenedPoint = Type.Object({ day: { ...Day, description: 'the first of the interval within the period' }, ...happened })

/** How far those came who registered on these days, up to now. */
export const JOURNEY_STEPS = [
  'registered',
  'viewed',
  'watched_25',
  'watched_50',
  'watched_75',
  'offer_viewed',
  'converted',
] as const
export type JourneyStep = (typeof JOURNEY_STEPS)[number]
const step = {
  step: oneOf(JOURNEY_STEPS),
  people: Type.Integer(),
  rate: Nullable(Type.Number({ description: 'of those who registered, 0 to 1; null without any' })),
}
const JourneyStepSum = Type.Object({ ...step, previous: Type.Object({ people: step.people, rate: step.rate }) })

/** What seed 004 aims at. `target` is what is good: at least `from`, and up to `to` where more would surprise. */
export const RATES = ['registration_to_view', 'view_to_25', 'hot_to_conversion', 'registration_to_conversion'] as const
const Rate = Type.Object({
  name: oneOf(RATES),
  value: Nullable(Type.Number({ description: '0 to 1; null where nobody could' })),
  previous: Nullable(Type.Number()),
  target: Type.Object({ from: Type.Number(), to: Nullable(Type.Number()) }),
})
export type Rate = Static<typeof Rate>

export const OverviewReport = Type.Object({
  ...head,
  currency: Type.String({ description: "the funnel's, or else the workspace's; of other currencies nothing is summed" }),
  totals: Happened,
  previous: Happened,
  series: Type.Array(HappenedPoint, { description: 'without gaps' }),
  previous_series: Type.Array(HappenedPoint),
  steps: Type.Array(JourneyStepSum),
  rates: Type.Array(Rate),
})
export type OverviewReport = Static<typeof OverviewReport>

const engagement = {
  registered: Type.Integer(),
  watched: Type.Integer({ description: 'of them, those who watched at least one percent' }),
  average_percentage: Nullable(Type.Number({ description: 'of those who watched, 0 to 100' })),
  average_seconds: Nullable(Type.Number({ description: 'of those who watched' })),
  completion_rate: Nullable(Type.Number({ description: 'watched all / watched, 0 to 1' })),
  replay_rate: Nullable(Type.Number({ description: 'watched again / watched, 0 to 1' })),
  converted: Type.Integer(),
  seconds_to_conversion: Nullable(Type.Number({ description: 'on average, from registration to the first conversion after it' })),
}
export const Engagement = Type.Object(engagement)
export type Engagement = Static<typeof Engagement>

/** How soon somebody converts after they registered: within an hour, or within a day but not an hour, and so on. */
export const TIMES_TO_CONVERSION = ['hour', 'day', 'week', 'month', 'later'] as const

export const EngagementReport = Type.Object({
  ...head,
  totals: Engagement,
  previous: Engagement,
  targets: Type.Object({ average_percentage: Type.Number(), completion_rate: Type.Number() }),
  segments: Type.Array(
    Type.Object({
      segment: Nullable(oneOf(WATCH_SEGMENTS)),
      people: Type.Integer({ description: 'null: registered less than a day ago, and watched nothing yet' }),
      previous: Type.Integer(),
    }),
  ),
  histogram: Type.Array(
    Type.Object({
      from: Type.Integer({ description: 'percent' }),
      to: Type.Integer({ description: 'percent, it counts as well' }),
      people: Type.Integer(),
    }),
    { description: 'how much they watched: 0, 1 to 9, 10 to 19, ... 90 to 99, 100' },
  ),
  time_to_conversion: Type.Array(Type.Object({ within: oneOf(TIMES_TO_CONVERSION), people: Type.Integer() })),
})
export type EngagementReport = Static<typeof EngagementReport>

/** The people behind a bar: who registered in the period and came as far as `step`, stopped before it, or watched so much. */
export const JourneyPeopleQuery = Type.Object(
  {
    ...scope,
    step: Type.Optional(oneOf(JOURNEY_STEPS)),
    dropped: Type.Optional(Type.Boolean({ description: 'those who came to the step before and not to this one' })),
    within: Type.Optional(oneOf(TIMES_TO_CONVERSION, 'those whose first conversion came so soon after they registered')),
    percent_from: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    percent_to: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
)
export type JourneyPeopleQuery = Static<typeof JourneyPeopleQuery>
export const JourneyPerson = Type.Object({
  contact_id: Nullable(Type.Integer({ description: 'null: nobody knows who this is' })),
  visitor_id: Nullable(Type.Integer()),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  registered_at: Time,
  viewed_at: Nullable(Time),
  offer_viewed_at: Nullable(Time),
  converted_at: Nullable(Time),
  watch_percentage: Type.Integer(),
})
export type JourneyPerson = Static<typeof JourneyPerson>
