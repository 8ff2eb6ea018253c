import Type, { type Static } from 'typebox'
import { SEGMENTS, STAGES } from './contacts.ts'
import { ListQuery, Nullable, oneOf, Time } from './shape.ts'

export const CONDITION_OPERATORS = ['equals', 'contains', 'is_set'] as const
export const FUNNEL_BREAKDOWNS = ['utm_source', 'utm_medium', 'utm_campaign', 'country', 'device', 'property'] as const
const FUNNEL_OUTCOMES = ['reached', 'dropped'] as const
export const MOST_STEPS = 20
/** Groups of a breakdown that have a name in the answer, where nobody says how many. */
export const USUAL_GROUPS = 10
const MOST_GROUPS = 50
export const MOST_WINDOW_MINUTES = 90 * 24 * 60
export type FunnelBreakdown = (typeof FUNNEL_BREAKDOWNS)[number]
export type FunnelOutcome = (typeof FUNNEL_OUTCOMES)[number]

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a day in `time_zone`: 2026-01-31' })
const PropertyName = Type.String({ minLength: 1, maxLength: 200 })

export const FunnelCondition = Type.Object(
  {
    property: { ...PropertyName, description: 'of the event' },
    operator: oneOf(CONDITION_OPERATORS, 'contains does not mind upper and lower case; is_set takes no value'),
    value: Type.Optional(Type.Unsafe<string | number | boolean>({ type: ['string', 'number', 'boolean'], maxLength: 1000 })),
  },
  { additionalProperties: false },
)
export type FunnelCondition = Static<typeof FunnelCondition>

export const FunnelStep = Type.Object(
  {
    event: Type.String({ minLength: 1, maxLength: 200 }),
    conditions: Type.Optional(Type.Array(FunnelCondition, { maxItems: 10, description: 'all of them' })),
  },
  { additionalProperties: false },
)
export type FunnelStep = Static<typeof FunnelStep>

const question = {
  steps: Type.Array(FunnelStep, {
    minItems: 1,
    maxItems: MOST_STEPS,
    description: 'in their order; the same event may be several steps, and then has to happen again',
  }),
  window_minutes: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MOST_WINDOW_MINUTES,
      default: 7 * 24 * 60,
      description: 'for all steps, counted from the first one; at most 90 days',
    }),
  ),
  from: Type.Optional({ ...Day, description: 'the first day on which people enter' }),
  days: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1100, default: 30, description: 'without `from`: so many days up to `to`' }),
  ),
  to: Type.Optional({ ...Day, description: 'the last, it counts as well; today without' }),
  time_zone: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: "IANA; the workspace's without" })),
  breakdown: Type.Optional(
    Type.Object(
      {
        by: oneOf(FUNNEL_BREAKDOWNS, 'utm of the first touch; country and device of the visit; a property of the first step'),
        property: Type.Optional({ ...PropertyName, description: 'which one, by property' }),
      },
      { additionalProperties: false },
    ),
  ),
  stage: Type.Optional(oneOf(STAGES, 'only contacts that are in this stage now')),
  segment: Type.Optional(oneOf(SEGMENTS, 'only contacts that are in this segment now')),
}

export const FunnelQuery = Type.Object(
  {
    ...question,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_GROUPS, default: USUAL_GROUPS, description: 'groups; the rest is in `others`' }),
    ),
  },
  { additionalProperties: false },
)
export type FunnelQuery = Static<typeof FunnelQuery>

const FunnelCount = Type.Object({
  step: Type.Integer({ description: '1 is the first' }),
  people: Type.Integer(),
  rate: Nullable(Type.Number({ description: 'of those who entered, 0 to 1; null when nobody did' })),
  step_rate: Nullable(Type.Number({ description: 'of those who reached the step before' })),
  median_seconds: Nullable(Type.Number({ description: 'from the step before; null for the first' })),
  mean_seconds: Nullable(Type.Number()),
})
export type FunnelCount = Static<typeof FunnelCount>

export const FunnelReport = Type.Object({
  from: Day,
  to: Day,
  time_zone: Type.String(),
  window_minutes: Type.Integer(),
  steps: Type.Array(FunnelCount),
  groups: Type.Array(
    Type.Object({
      value: Type.String({ description: 'empty where it is not known' }),
      steps: Type.Array(FunnelCount),
    }),
    { description: 'of the breakdown, the most people first' },
  ),
  others: Nullable(Type.Object({ groups: Type.Integer(), steps: Type.Array(FunnelCount) })),
})
export type FunnelReport = Static<typeof FunnelReport>

export const FunnelPeopleQuery = Type.Object(
  {
    ...question,
    ...ListQuery,
    step: Type.Integer({ minimum: 1, maximum: MOST_STEPS }),
    outcome: oneOf(FUNNEL_OUTCOMES, 'reached: this step; dropped: the step before it, and not this one'),
    value: Type.Optional(Type.String({ maxLength: 1000, description: 'only those of this group of the breakdown' })),
    groups: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST_GROUPS,
        description: 'instead of a `value`: only those among the `others` of a report with this `limit`',
      }),
    ),
  },
  { additionalProperties: false },
)
export type FunnelPeopleQuery = Static<typeof FunnelPeopleQuery>

const FunnelPerson = Type.Object({
  contact_id: Type.Integer(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  phone: Nullable(Type.String()),
  stage: oneOf(STAGES),
  segment: Nullable(oneOf(SEGMENTS)),
  entered_at: Time,
  last_step: Type.Integer({ description: 'how far they came' }),
  last_step_at: Time,
})
export type FunnelPerson = Static<typeof FunnelPerson>

export const FunnelPeople = Type.Object({
  data: Type.Array(FunnelPerson, { description: 'who entered last comes first' }),
  next_cursor: Nullable(Type.String()),
  contacts: Type.Integer({ description: 'all of them' }),
  visitors: Type.Integer({ description: 'people besides who never said who they are' }),
})
export type FunnelPeople = Static<typeof FunnelPeople>
