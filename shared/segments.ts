import Type, { type Static } from 'typebox'
import { Contact, SEGMENTS, STAGES } from './contacts.ts'
import { FIELD_OPERATORS, KEY_PATTERN } from './custom-fields.ts'
import { Nullable, oneOf, Time } from './shape.ts'

const strict = { additionalProperties: false }
const Name = Type.String({ minLength: 1, maxLength: 200 })
const Value = Type.Unsafe<string | number | boolean>({ type: ['string', 'number', 'boolean'], maxLength: 500 })

const PROPERTY_TESTS = ['equals', 'is_not', 'contains', 'greater', 'less', 'is_set', 'is_not_set'] as const

/** What a contact shows: a field, or a property of one's own. */
export const PropertyRule = Type.Object(
  { kind: oneOf(['property']), name: Name, is: oneOf(PROPERTY_TESTS), value: Type.Optional(Value) },
  strict,
)
export type PropertyRule = Static<typeof PropertyRule>

/** What a field of one's own says, by its key. Texts without regard to case; `empty` with false: it has a value. */
export const FieldRule = Type.Object(
  {
    kind: oneOf(['field']),
    field: Type.String({ pattern: `^${KEY_PATTERN}$` }),
    is: oneOf(FIELD_OPERATORS),
    value: Type.Optional(Value),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'of money: any without' })),
  },
  strict,
)
export type FieldRule = Static<typeof FieldRule>

/** What a contact did. `first` and `last`: when they did it for the first or the last time. */
export const EventRule = Type.Object(
  {
    kind: oneOf(['event']),
    event: Name,
    did: oneOf(['did', 'did_not', 'first', 'last']),
    at_least: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    within_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
    since: Type.Optional(Time),
    until: Type.Optional(Time),
    property: Type.Optional(Name),
    value: Type.Optional(Value),
  },
  strict,
)
export type EventRule = Static<typeof EventRule>

/** Which built-in segment they are in, and for how long at least. */
export const DwellRule = Type.Object(
  { kind: oneOf(['segment']), segment: oneOf(SEGMENTS), for_hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 87_600 })) },
  strict,
)
export type DwellRule = Static<typeof DwellRule>

export const StageRule = Type.Object(
  { kind: oneOf(['stage']), stage: oneOf(STAGES), or_later: Type.Optional(Type.Boolean()) },
  strict,
)
export type StageRule = Static<typeof StageRule>

export const LeadRule = Type.Object(
  { kind: oneOf(['lead']), has: Type.Boolean(), status: Type.Optional(oneOf(['open', 'won', 'lost'])) },
  strict,
)
export type LeadRule = Static<typeof LeadRule>

/** `value_at_least`: of all of them together, in the workspace's currency, less refunds. */
export const ConversionRule = Type.Object(
  {
    kind: oneOf(['conversion']),
    has: Type.Boolean(),
    value_at_least: Type.Optional(Type.Number({ minimum: 0, maximum: 1e12 })),
  },
  strict,
)
export type ConversionRule = Static<typeof ConversionRule>

/** By its id, so that another name of the tag changes nothing. */
export const TagRule = Type.Object(
  { kind: oneOf(['tag']), has: Type.Boolean(), tag_id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) },
  strict,
)
export type TagRule = Static<typeof TagRule>

export type Leaf = PropertyRule | FieldRule | EventRule | DwellRule | StageRule | LeadRule | ConversionRule | TagRule
export type Rule = { all: Rule[] } | { any: Rule[] } | { not: Rule } | Leaf

export const MOST_LEAVES = 30
export const MOST_LEVELS = 5
export const MOST_SEGMENTS = 100

/** A tree; each of its parts is judged by itself, so that a refusal names the place (server/rules/rules.ts). */
export const Rule = Type.Unsafe<Rule>({
  type: 'object',
  additionalProperties: true,
  description: `{"all": [...]}, {"any": [...]}, {"not": ...}, or one of the kinds property, field, event, segment, stage, lead, conversion, tag; at most ${MOST_LEVELS} levels and ${MOST_LEAVES} conditions (docs/api/segments.md)`,
})

const Description = Nullable(Type.String({ maxLength: 1000 }))

export const Segment = Type.Object({
  id: Type.Integer(),
  name: Name,
  description: Description,
  rule: Rule,
  contact_count: Type.Integer({ description: 'how many are in it' }),
  progress: Nullable(
    Type.Number({ description: 'while it is being counted after its rule changed: from 0 to 1; null when it is complete' }),
  ),
  created_at: Time,
  updated_at: Time,
})
export type Segment = Static<typeof Segment>

export const BuiltInSegment = Type.Object({ segment: oneOf(SEGMENTS), contact_count: Type.Integer() })
export type BuiltInSegment = Static<typeof BuiltInSegment>

export const Segments = Type.Object({
  built_in: Type.Array(BuiltInSegment, { description: 'by how much they watched; each contact is in one at most' }),
  data: Type.Array(Segment),
})
export type Segments = Static<typeof Segments>

export const SegmentCreate = Type.Object({ name: Name, description: Type.Optional(Description), rule: Rule }, strict)
export type SegmentCreate = Static<typeof SegmentCreate>

export const SegmentUpdate = Type.Object(
  {
    name: Type.Optional(Name),
    description: Type.Optional(Description),
    rule: Type.Optional(Rule),
    if_updated_at: Type.Optional(Time),
  },
  strict,
)
export type SegmentUpdate = Static<typeof SegmentUpdate>

export const PreviewAsk = Type.Object({ rule: Rule }, strict)

/** Who a rule would find now. */
export const SegmentPreview = Type.Object({
  contact_count: Type.Integer(),
  is_estimate: Type.Boolean({ description: 'true: counted in a sample, because all would have taken too long' }),
  contacts: Type.Array(Contact, { description: 'ten of them at most, those who were there last first' }),
})
export type SegmentPreview = Static<typeof SegmentPreview>
