import Type, { type Static } from 'typebox'
import { TimeZone } from './appointments.ts'
import { POOL_STRATEGIES } from './pools.ts'
import { Actor, JsonObject, ListQuery, Nullable, oneOf, Time } from './shape.ts'
import { LocalDate, WallClock } from './staff.ts'

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
function list(description: string, maxLength = 200) {
  return Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength }), { minItems: 1, maxItems: 1000, uniqueItems: true, description }),
  )
}
const Score = Type.Optional(Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 }))

/**
 * Which appointments a rule is for. Each condition may be left out; those that are given must all hold. A list holds when it has the
 * appointment's value; upper and lower case are the same, and a ZIP code of nine digits counts by its first five.
 */
export const RoutingMatches = Type.Object(
  {
    types: list('keys of appointment types'),
    products: list('as the appointment, its lead or its contact says'),
    sources: list('as it says'),
    languages: list('as it says: en, de-AT'),
    states: list('as it says: CA, California'),
    countries: list('as it says: US'),
    zips: list('whole ZIP codes: 94110'),
    zip_prefixes: list('beginnings of ZIP codes: 941', 20),
    area_lists: Type.Optional(
      Type.Array(SmallId, { minItems: 1, maxItems: 100, uniqueItems: true, description: 'ids; one of them must have the area' }),
    ),
    score_from: Score,
    score_to: Score,
    hours: Type.Optional(
      Type.Object(
        {
          time_zone: TimeZone,
          weekdays: Type.Optional(
            Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, uniqueItems: true, description: '1 is Monday' }),
          ),
          from: Type.Optional(WallClock),
          until: Type.Optional({ ...WallClock, description: 'exclusive; earlier than `from` means the next morning' }),
        },
        { additionalProperties: false, description: 'when the appointment begins, by this clock' },
      ),
    ),
    valid_from: Type.Optional({ ...LocalDate, description: "the first day on which the rule routes, in the workspace's zone" }),
    valid_until: Type.Optional({ ...LocalDate, description: 'the last one' }),
  },
  { additionalProperties: false },
)
export type RoutingMatches = Static<typeof RoutingMatches>

const Person = Type.Object({ kind: Type.Literal('person'), user_id: SmallId }, { additionalProperties: false })
const ToPool = Type.Object({ kind: Type.Literal('pool'), pool_id: SmallId }, { additionalProperties: false })
const Workspace = Type.Object(
  {
    kind: Type.Literal('workspace'),
    workspace_id: { ...SmallId, description: 'of the same organization, that takes appointments from here' },
  },
  { additionalProperties: false },
)
const Nobody = Type.Object({ kind: Type.Literal('nobody') }, { additionalProperties: false })
export const RoutingTarget = Type.Union([Person, ToPool, Workspace, Nobody])
export type RoutingTarget = Static<typeof RoutingTarget>
const Fallback = Type.Array(Type.Union([Person, ToPool, Workspace]), {
  maxItems: 10,
  description: 'who is asked, in this order, when nobody of the target can; then nobody has it',
})

const settings = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  active: Type.Boolean(),
  matches: RoutingMatches,
  target: RoutingTarget,
  fallback: Fallback,
  needs_free: Type.Boolean({ description: 'only who is free at that time; true without' }),
}
/** What a version keeps. */
export const RoutingSettings = Type.Object(settings, { additionalProperties: false })
export type RoutingSettings = Static<typeof RoutingSettings>

const position = Type.Integer({ minimum: 1, maximum: 1_000_000, description: '1 is asked first; the first that matches decides' })
export const RoutingRule = Type.Object({
  id: Type.Integer(),
  position,
  version: Type.Integer({ description: 'rises with every publishing' }),
  ...settings,
  created_at: Time,
  updated_at: Time,
})
export type RoutingRule = Static<typeof RoutingRule>

const { name, target, ...others } = settings
/** At the end of the list without `position`. */
export const RoutingRuleCreate = Type.Object(
  { name, target, ...Type.Partial(Type.Object(others)).properties, position: Type.Optional(position) },
  { additionalProperties: false },
)
export type RoutingRuleCreate = Static<typeof RoutingRuleCreate>
/** Publishes a new version. */
export const RoutingRuleUpdate = Type.Object(
  { ...Type.Partial(Type.Object(settings)).properties, if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export type RoutingRuleUpdate = Static<typeof RoutingRuleUpdate>
export const RoutingRuleMove = Type.Object({ position }, { additionalProperties: false })
export const RoutingRulesQuery = Type.Object(
  { ...ListQuery, q: Type.Optional(Type.String({ maxLength: 200, description: 'part of a name' })) },
  { additionalProperties: false },
)
export type RoutingRulesQuery = Static<typeof RoutingRulesQuery>

export const RoutingRuleVersion = Type.Object({
  rule_id: Type.Integer(),
  version: Type.Integer(),
  settings: RoutingSettings,
  published_by: Actor,
  published_at: Time,
})
export type RoutingRuleVersion = Static<typeof RoutingRuleVersion>

/** Why somebody was not chosen. The last seven are what their calendar says. */
export const EXCLUSION_REASONS = [
  'cap_day',
  'cap_week',
  'cap_open',
  'left',
  'not_bookable',
  'notice',
  'absent',
  'outside_hours',
  'booked',
  'busy_elsewhere',
  'daily_limit',
] as const
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number]

/** Why it is whose it is. From `nobody` on: nobody has it. */
export const DECISION_REASONS = [
  'owner',
  'weighted',
  'least_recent',
  'least_loaded',
  'person',
  'workspace',
  'nobody',
  'nobody_can',
  'workspace_gone',
  'is_copy',
  'no_rule',
  'test',
] as const
export type DecisionReason = (typeof DECISION_REASONS)[number]

export const DecisionTarget = Type.Union([
  Type.Object({ kind: Type.Literal('person'), user_id: Type.Integer() }),
  Type.Object({ kind: Type.Literal('workspace'), workspace_id: Type.Integer() }),
  Type.Object({ kind: Type.Literal('nobody') }),
])
export type DecisionTarget = Static<typeof DecisionTarget>

export const Exclusion = Type.Object({
  user_id: Type.Integer(),
  pool_id: Nullable(Type.Integer()),
  reason: oneOf(EXCLUSION_REASONS),
})

export const RoutingDecision = Type.Object({
  id: Type.Integer(),
  appointment_id: Type.Integer(),
  rule_id: Nullable(Type.Integer()),
  rule_version: Nullable(Type.Integer()),
  rule_name: Nullable(Type.String({ description: 'as it was in that version' })),
  pool_id: Nullable(Type.Integer({ description: 'that chose' })),
  strategy: Nullable(oneOf(POOL_STRATEGIES)),
  step: Type.Integer({ description: '0: the target of the rule; 1: its first fallback' }),
  reason: oneOf(DECISION_REASONS),
  sentence: Type.String({ description: 'the same in words' }),
  target: DecisionTarget,
  candidates: Type.Array(Type.Integer(), { description: 'users who were asked' }),
  excluded: Type.Array(Exclusion),
  inputs: { ...JsonObject, description: 'what was asked about' },
  actor: Actor,
  at: Time,
})
export type RoutingDecision = Static<typeof RoutingDecision>

export const RoutingDecisionsQuery = Type.Object(
  {
    ...ListQuery,
    appointment_id: Type.Optional(Id),
    rule_id: Type.Optional(SmallId),
  },
  { additionalProperties: false },
)
export type RoutingDecisionsQuery = Static<typeof RoutingDecisionsQuery>

/** For people: why it is whose it is, or why it is nobody's. */
export const DECISION_SENTENCES: Record<DecisionReason, string> = {
  owner: 'It went to who owns the contact.',
  weighted: 'It went to whose turn it was, by weight.',
  least_recent: 'It went to who had waited longest.',
  least_loaded: 'It went to who had the fewest open appointments.',
  person: 'It went to the person whom the rule names.',
  workspace: 'It went to the workspace that the rule names.',
  nobody: 'Nobody has it, because the rule says so.',
  nobody_can: 'Nobody has it, because nobody whom the rule names could take it.',
  workspace_gone: 'Nobody has it, because the workspace that the rule names is no part of this organization any more.',
  is_copy: 'Nobody has it, because it was handed on to this workspace, and is not handed on again.',
  no_rule: 'Nobody has it, because no rule was for it.',
  test: 'Nobody has it, because it is a test.',
}
export const EXCLUSION_SENTENCES: Record<ExclusionReason, string> = {
  cap_day: 'has had as many today as the pool allows',
  cap_week: 'has had as many this week as the pool allows',
  cap_open: 'has as many open appointments as the pool allows',
  left: 'does not work here any more',
  not_bookable: 'cannot be booked',
  notice: 'would have too little notice',
  absent: 'is away at that time',
  outside_hours: 'does not work at that time',
  booked: 'has another appointment then',
  busy_elsewhere: 'is busy elsewhere then',
  daily_limit: 'has as many appointments that day as they take',
}

export const AREA_KINDS = ['zip', 'zip_prefix', 'state', 'country'] as const
export type AreaKind = (typeof AREA_KINDS)[number]
const listName = Type.String({ minLength: 1, maxLength: 200 })
export const AreaList = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  kind: oneOf(AREA_KINDS),
  entry_count: Type.Integer(),
  created_at: Time,
  updated_at: Time,
})
export type AreaList = Static<typeof AreaList>
export const AreaLists = Type.Object({ data: Type.Array(AreaList) })
export const MAX_AREA_ENTRIES = 100_000
/** Empty without `entries`; they can be uploaded as a file, too. */
export const AreaEntries = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: MAX_AREA_ENTRIES })
export const AreaListCreate = Type.Object(
  { name: listName, kind: oneOf(AREA_KINDS), entries: Type.Optional(AreaEntries) },
  { additionalProperties: false },
)
export type AreaListCreate = Static<typeof AreaListCreate>
export const AreaListUpdate = Type.Object(
  { name: Type.Optional(listName), if_updated_at: Type.Optional(Time) },
  { additionalProperties: false },
)
export const AreaUpload = Type.Object({ entries: AreaEntries }, { additionalProperties: false })
export const AreaUploaded = Type.Object({
  ...AreaList.properties,
  added: Type.Integer(),
  removed: Type.Integer(),
  skipped: Type.Integer({ description: 'empty or there twice' }),
})
export type AreaUploaded = Static<typeof AreaUploaded>
export const AreaEntriesPage = Type.Object({
  data: Type.Array(Type.String(), { description: 'as they are compared, in order' }),
  next_cursor: Nullable(Type.String()),
})

export const MAX_DRY_RUN = 10_000
/** Over the appointments of the last days, or those that are named. With `rules` as if only these were there, in this order. */
export const RoutingDryRun = Type.Object(
  {
    days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 366, description: 'that were made in the last so many days; 30 without' }),
    ),
    appointment_ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: MAX_DRY_RUN, uniqueItems: true })),
    rules: Type.Optional(
      Type.Array(
        Type.Object({ name, target, ...Type.Partial(Type.Object(others)).properties }, { additionalProperties: false }),
        {
          maxItems: 10_000,
          description: 'a draft; without it the published rules',
        },
      ),
    ),
  },
  { additionalProperties: false },
)
export type RoutingDryRun = Static<typeof RoutingDryRun>
export const RoutingTrial = Type.Object({
  appointments: Type.Integer({ description: 'that were looked at; the newest, when there were more than 10,000' }),
  changed: Type.Integer({ description: 'that somebody else has now' }),
  unrouted: Type.Integer({ description: 'that nobody would have' }),
  by_target: Type.Array(Type.Object({ target: DecisionTarget, count: Type.Integer() }), { description: 'the most first' }),
  by_rule: Type.Array(
    Type.Object({
      rule_id: Nullable(Type.Integer({ description: 'null for a draft, and for what no rule matched' })),
      index: Nullable(Type.Integer({ description: 'of the draft, from 0' })),
      name: Nullable(Type.String()),
      count: Type.Integer(),
    }),
  ),
  data: Type.Array(
    Type.Object({
      appointment_id: Type.Integer(),
      assigned_to: Nullable(Type.Integer({ description: 'who has it now' })),
      rule_id: Nullable(Type.Integer()),
      index: Nullable(Type.Integer()),
      reason: oneOf(DECISION_REASONS),
      target: DecisionTarget,
    }),
    { description: 'the first 1,000, the newest first' },
  ),
})
export type RoutingTrial = Static<typeof RoutingTrial>

/** What became of each row of an upload. */
export const RoutingUploaded = Type.Object({
  made: Type.Integer(),
  changed: Type.Integer(),
  same: Type.Integer(),
  wrong: Type.Integer({ description: 'with any, nothing is stored unless `partial` is true' }),
  stored: Type.Boolean(),
  rows: Type.Array(
    Type.Object({
      row: Type.Integer({ description: '2 is the first below the heading' }),
      name: Type.String(),
      result: oneOf(['made', 'changed', 'same', 'wrong']),
      rule_id: Nullable(Type.Integer()),
      reason: Nullable(Type.String({ description: 'why it is wrong' })),
    }),
  ),
})
export type RoutingUploaded = Static<typeof RoutingUploaded>
