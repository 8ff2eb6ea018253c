import Type, { type Static } from 'typebox'
import { Nullable, Time } from './shape.ts'

export const ASSIGNMENT_STRATEGIES = ['owner_first', 'weighted', 'least_recent'] as const
export type AssignmentStrategy = (typeof ASSIGNMENT_STRATEGIES)[number]
const Strategy = Type.Unsafe<AssignmentStrategy>({
  type: 'string',
  enum: [...ASSIGNMENT_STRATEGIES],
  description:
    'owner_first: who owns the contact, else by weight; weighted: in turn, as often as the weights say; least_recent: who waits longest',
})

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
function list(description: string) {
  return Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 1000, uniqueItems: true, description }),
  )
}

/** Which leads a rule is for: each list that is given must have the lead's value; upper and lower case are the same. */
export const LeadMatches = Type.Object(
  {
    lead_types: list('solar, hvac, ...'),
    sources: list('as the lead says'),
    products: list('as the lead says'),
    webhooks: Type.Optional(
      Type.Array(SmallId, { minItems: 1, maxItems: 1000, uniqueItems: true, description: 'numbers of intake webhooks' }),
    ),
    states: list('as the lead says: CA, California'),
    zip_prefixes: list('beginnings of ZIP codes: 941'),
    countries: list('as the lead says: US'),
  },
  { additionalProperties: false },
)
export type LeadMatches = Static<typeof LeadMatches>

export const AssignmentMember = Type.Object({
  user_id: Type.Integer(),
  weight: Type.Integer({ description: '1 to 100: twice the weight, twice the leads' }),
  cap_day: Nullable(Type.Integer({ description: "at most so many a day of the workspace's zone" })),
  assigned: Type.Integer({ description: 'so far' }),
  assigned_today: Type.Integer(),
  last_at: Nullable(Time),
})
export type AssignmentMember = Static<typeof AssignmentMember>

export const AssignmentRule = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  position: Type.Integer({ description: '1 is looked at first; the first that matches chooses' }),
  active: Type.Boolean(),
  matches: LeadMatches,
  strategy: Strategy,
  members: Type.Array(AssignmentMember),
  created_at: Time,
  updated_at: Time,
})
export type AssignmentRule = Static<typeof AssignmentRule>

export const AssignmentRules = Type.Object({ data: Type.Array(AssignmentRule) })

const MemberGiven = Type.Object(
  {
    user_id: SmallId,
    weight: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: '1 without' })),
    cap_day: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 1_000_000 }))),
  },
  { additionalProperties: false },
)
const settings = {
  active: Type.Optional(Type.Boolean()),
  position: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'the others make room' })),
  matches: Type.Optional(LeadMatches),
}
const Members = Type.Array(MemberGiven, { maxItems: 500 })

export const AssignmentRuleCreate = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 200 }), strategy: Strategy, members: Members, ...settings },
  { additionalProperties: false },
)
export type AssignmentRuleCreate = Static<typeof AssignmentRuleCreate>

/** `members` are given as a whole; who stays keeps the counts. */
export const AssignmentRuleUpdate = Type.Object(
  {
    name: Type.Optional(AssignmentRuleCreate.properties.name),
    strategy: Type.Optional(Strategy),
    members: Type.Optional(Members),
    ...settings,
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type AssignmentRuleUpdate = Static<typeof AssignmentRuleUpdate>
