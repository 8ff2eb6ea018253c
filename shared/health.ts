import Type, { type Static } from 'typebox'
import { SEGMENTS, STAGES } from './contacts.ts'
import { Nullable, oneOf, Time } from './shape.ts'

/** How many contacts there are and how many come; merged ones are one. */
export const ContactHealth = Type.Object({
  counted_at: Time,
  time_zone: Type.String({ description: "of the days: the workspace's" }),
  contacts: Type.Integer(),
  new_today: Type.Integer(),
  new_yesterday: Type.Integer(),
  new_7_days: Type.Integer({ description: 'today and the six days before' }),
  new_7_days_before: Type.Integer({ description: 'the seven days before these' }),
  active_30_days: Type.Integer({ description: 'did something within 30 days' }),
  segments: Type.Array(
    Type.Object({ segment: Nullable(oneOf(SEGMENTS)), contacts: Type.Integer() }, { description: 'null: in none' }),
  ),
  stages: Type.Array(Type.Object({ stage: oneOf(STAGES), contacts: Type.Integer() })),
})
export type ContactHealth = Static<typeof ContactHealth>

export const TechnicalQuery = Type.Object(
  { days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90, default: 7, description: 'up to now' })) },
  { additionalProperties: false },
)
export type TechnicalQuery = Static<typeof TechnicalQuery>

const Timing = Type.Object({
  count: Type.Integer({ description: 'how often it was measured' }),
  p50_ms: Nullable(Type.Integer({ description: 'half of them took this long at most; within 20 %' })),
  p95_ms: Nullable(Type.Integer({ description: '95 % of them took this long at most; within 20 %' })),
})
export type Timing = Static<typeof Timing>

export const TechnicalReport = Type.Object({
  days: Type.Integer(),
  latency: {
    ...Timing,
    description:
      'from the moment at which an event happened, by the clock of its device made right, to its arrival; what waited offline counts as well',
  },
  capture: { ...Timing, description: 'from the arrival of an event to where it is stored for good' },
  reports: { ...Timing, description: 'until the server had answered a report' },
  loads: { ...Timing, description: 'until the reports were on screen, in the browsers of those who opened them' },
  deliveries: Type.Object({
    attempts: Type.Integer(),
    delivered: Type.Integer(),
    given_up: Type.Integer(),
    success_rate: Nullable(Type.Number({ description: 'delivered / (delivered + given up), 0 to 1; null without any' })),
    goal: Type.Number({ description: 'what it should be at least' }),
  }),
})
export type TechnicalReport = Static<typeof TechnicalReport>

export const LoadTime = Type.Object(
  { ms: Type.Integer({ minimum: 0, maximum: 600_000, description: 'until the report was on screen' }) },
  { additionalProperties: false },
)
export type LoadTime = Static<typeof LoadTime>
