import Type, { type Static } from 'typebox'
import { Nullable, oneOf, Time } from './shape.ts'

const strict = { additionalProperties: false }

export const FIELD_NOUNS = ['contact', 'lead'] as const
export type FieldNoun = (typeof FIELD_NOUNS)[number]

export const FIELD_TYPES = [
  'text', 'long_text', 'number', 'money', 'boolean', 'date', 'datetime', 'select', 'multi_select', 'url', 'email', 'phone',
] as const // biome-ignore format: one word after the other
export type FieldType = (typeof FIELD_TYPES)[number]

export const FIELD_OPERATORS = ['is', 'is_not', 'contains', 'greater', 'less', 'before', 'after', 'empty'] as const
export type FieldOperator = (typeof FIELD_OPERATORS)[number]

/** What can be asked of a field. */
export const OPERATORS: Record<FieldType, readonly FieldOperator[]> = {
  text: ['is', 'is_not', 'contains', 'empty'],
  long_text: ['contains', 'empty'],
  number: ['is', 'is_not', 'greater', 'less', 'empty'],
  money: ['is', 'is_not', 'greater', 'less', 'empty'],
  boolean: ['is', 'is_not', 'empty'],
  date: ['is', 'is_not', 'before', 'after', 'empty'],
  datetime: ['before', 'after', 'empty'],
  select: ['is', 'is_not', 'empty'],
  multi_select: ['is', 'is_not', 'empty'],
  url: ['is', 'is_not', 'contains', 'empty'],
  email: ['is', 'is_not', 'contains', 'empty'],
  phone: ['is', 'is_not', 'contains', 'empty'],
}

/** A list can be in the order of all but these. */
export const UNSORTED: readonly FieldType[] = ['long_text', 'multi_select']

export const MOST_CUSTOM_FIELDS = 100
export const KEY_PATTERN = '[a-z][a-z0-9_]{0,59}'
/** `custom.<key>` is, `custom.<key>.<operator>` the others. */
export const CUSTOM_FILTER = `^custom\\.${KEY_PATTERN}(\\.(${FIELD_OPERATORS.join('|')}))?$`
export const CUSTOM_SORT = `^-?custom\\.${KEY_PATTERN}$`
export type CustomSort = `custom.${string}` | `-custom.${string}`

const Label = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })
const Option = Type.Object({ key: Type.String({ pattern: `^${KEY_PATTERN}$` }), label: Label }, strict)
const Options = Type.Array(Option, { maxItems: 200, description: 'of a select; what is stored is the key' })
const Key = Type.String({
  pattern: `^${KEY_PATTERN}$`,
  description: 'how answers, addresses and rules name it; never another one',
})
const Required = Type.Boolean({ description: 'asked of whoever makes a contact or a lead by hand or by the API' })

export const CustomField = Type.Object({
  id: Type.Integer(),
  noun: oneOf(FIELD_NOUNS),
  key: Key,
  label: Label,
  type: oneOf(FIELD_TYPES),
  options: Options,
  is_required: Required,
  currency: Nullable(Type.String({ description: "of money: what an amount is in that names none, the workspace's" })),
  position: Type.Integer(),
  archived_at: Nullable(Time),
  created_at: Time,
  updated_at: Time,
})
export type CustomField = Static<typeof CustomField>
export const CustomFields = Type.Object({
  data: Type.Array(CustomField, { description: 'by noun and position; archived ones too' }),
})
export type CustomFields = Static<typeof CustomFields>
export const CustomFieldsQuery = Type.Object({ noun: Type.Optional(oneOf(FIELD_NOUNS)) }, strict)

export const CustomFieldCreate = Type.Object(
  {
    noun: oneOf(FIELD_NOUNS),
    key: Key,
    label: Label,
    type: oneOf(FIELD_TYPES),
    options: Type.Optional(Options),
    is_required: Type.Optional(Required),
  },
  strict,
)
export type CustomFieldCreate = Static<typeof CustomFieldCreate>

export const CustomFieldUpdate = Type.Object(
  {
    label: Type.Optional(Label),
    options: Type.Optional(Options),
    is_required: Type.Optional(Required),
    position: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_CUSTOM_FIELDS, description: 'its place; the others make room' }),
    ),
    is_archived: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type CustomFieldUpdate = Static<typeof CustomFieldUpdate>

/** What is in a field of the type money: as a conversion has it, at most two decimals. */
export type Money = { amount: number; currency: string }

/** The values of a contact or a lead. */
export const Custom = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  description: 'your own fields (`GET /custom-fields`): {key: value}',
})
export const CustomGiven = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  maxProperties: MOST_CUSTOM_FIELDS,
  description: 'your own fields, key by key; null takes a value away',
})
