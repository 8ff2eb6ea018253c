import Type, { type Static } from 'typebox'
import { Nullable, oneOf, Page } from './shape.ts'

/** What a visit says about who sent it. */
export const ATTRIBUTION_DIMENSIONS = ['source', 'medium', 'campaign', 'term', 'content', 'referrer', 'referral_code'] as const
export type AttributionDimension = (typeof ATTRIBUTION_DIMENSIONS)[number]

/** How one conversion is shared among the visits that led to it. */
export const ATTRIBUTION_MODELS = ['first_touch', 'last_touch', 'linear', 'time_decay', 'position_based'] as const
export type AttributionModel = (typeof ATTRIBUTION_MODELS)[number]

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a day in the zone of the report: 2026-01-31' })

const asked = {
  funnel_id: Type.Optional(Type.String({ maxLength: 200, description: 'all of the workspace without' })),
  from: Type.Optional({ ...Day, description: 'first day; 30 days up to `to` without' }),
  to: Type.Optional({ ...Day, description: 'last day, it counts as well; today without' }),
  time_zone: Type.Optional(Type.String({ maxLength: 60, description: 'such as Europe/Berlin; UTC without' })),
  model: Type.Optional({
    ...oneOf(ATTRIBUTION_MODELS, 'who gets how much of a conversion; see the description of the report'),
    default: 'last_touch',
  }),
  by: Type.Optional({ ...oneOf(ATTRIBUTION_DIMENSIONS), default: 'source' }),
}
export const AttributionReportQuery = Type.Object(
  {
    ...asked,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 500, default: 100, description: 'groups; the rest is in `others`' }),
    ),
  },
  { additionalProperties: false },
)
export type AttributionReportQuery = Static<typeof AttributionReportQuery>

const sums = {
  registered: Type.Integer({ description: 'people who registered on these days, by what first brought them' }),
  viewed: Type.Integer({ description: 'of them, those who came to the watch page or started a video, up to now' }),
  offer_viewed: Type.Integer({ description: 'of them, those who saw the offer' }),
  converted: Type.Integer({ description: 'of them, those who converted' }),
  rate: Nullable(Type.Number({ description: 'converted / registered, 0 to 1; null where nobody registered' })),
  conversions: Type.Number({
    description: 'of these days, in any currency, shared by the model: parts of one are possible; two decimals',
  }),
  revenue: Type.Number({ description: 'of these conversions, shared likewise, less refunds, in the currency of the report' }),
}
export const AttributionSums = Type.Object(sums)
export type AttributionSums = Static<typeof AttributionSums>

const Group = Type.Object({
  value: Type.String({ description: 'as the visit says; empty where it says none, and of visits that nobody sent' }),
  ...sums,
  previous: AttributionSums,
})

export const AttributionReport = Type.Object({
  funnel_id: Nullable(Type.String()),
  from: Day,
  to: Day,
  previous_from: { ...Day, description: 'as many days, right before' },
  previous_to: Day,
  time_zone: Type.String({ description: 'of the days' }),
  model: oneOf(ATTRIBUTION_MODELS),
  by: oneOf(ATTRIBUTION_DIMENSIONS),
  currency: Type.String({ description: "the funnel's, or else the workspace's; of other currencies nothing is summed" }),
  totals: AttributionSums,
  previous: AttributionSums,
  groups: Type.Array(Group, { description: 'the greatest revenue first, then the most conversions and registrations' }),
  others: Nullable(
    Type.Object(
      {
        groups: Nullable(Type.Integer({ description: 'null: of a day only the first 500 values are told apart' })),
        ...sums,
        previous: AttributionSums,
      },
      { description: 'what is not among the groups' },
    ),
  ),
  other_currencies: Type.Array(Type.Object({ currency: Type.String(), conversions: Type.Number(), revenue: Type.Number() }), {
    description: 'what is not in the sums of money above, in its own currency',
  }),
})
export type AttributionReport = Static<typeof AttributionReport>

/** The people behind a number of the report. */
export const AttributionPeopleQuery = Type.Object(
  {
    ...asked,
    value: Type.Optional(
      Type.String({ maxLength: 300, description: 'of a group; those who were sent by nobody, or nobody named, without' }),
    ),
    groups: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 500,
        description: 'instead of a `value`: those among the `others` of a report with this `limit`',
      }),
    ),
    of: Type.Optional({
      ...oneOf(['registered', 'converted'] as const, 'whose registration, or a part of whose conversions, is counted there'),
      default: 'registered',
    }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
)
export type AttributionPeopleQuery = Static<typeof AttributionPeopleQuery>
export const AttributionPerson = Type.Object({
  contact_id: Nullable(Type.Integer({ description: 'null: nobody knows who this is' })),
  visitor_id: Nullable(Type.Integer()),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  day: { ...Day, description: 'of the registration, or of the last of these conversions' },
  conversions: Nullable(Type.Number({ description: 'what of theirs is counted there; null among those who registered' })),
  revenue: Nullable(Type.Number({ description: 'likewise, in the currency of the report' })),
})
export type AttributionPerson = Static<typeof AttributionPerson>
export const AttributionPeople = Page(AttributionPerson)
