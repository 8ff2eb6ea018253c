import { PropertyRule } from '../../shared/segments.ts'
import type { Asking, Fragment, Kind } from './kind.ts'
import { momentOf } from './moment.ts'

const TEXTS = [
  'email', 'phone', 'user_id', 'name', 'first_name', 'last_name', 'gender', 'country_code', 'region', 'city', 'referring_domain',
] as const // biome-ignore format: one word after the other
const NUMBERS = [
  'age',
  'watch_percentage',
  'visit_count',
  'event_count',
  'conversion_count',
  'lifetime_value',
  'owner_id',
] as const
const TIMES = [
  'first_seen', 'last_visit', 'registered_at', 'engaged_at', 'offer_viewed_at', 'converted_at', 'created_at',
] as const // biome-ignore format: one word after the other
const TOUCHES = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const

/** Texts are compared without regard to case; numbers and times as such; a property of one's own as what it is. */
export const property: Kind<PropertyRule> = {
  shape: PropertyRule,
  check: ({ name, is, value }) => {
    if (is === 'is_set' || is === 'is_not_set') return value === undefined ? {} : { value: 'is not asked here' }
    if (value === undefined) return { value: 'is required: what to compare with' }
    if (isOne(TIMES, name))
      return is === 'greater' || is === 'less' ? timeOr(value) : { is: 'must be greater or less: it is a time' }
    if (isOne(NUMBERS, name) && (is === 'contains' || !isNumber(value))) return { value: 'must be a number' }
    if ((is === 'greater' || is === 'less') && !isNumber(value) && momentOf(value) === undefined)
      return { value: 'must be a number or a time' }
    return {}
  },
  holds: (asking, rule) => {
    const { sql } = asking
    const { name } = rule
    if (isOne(TIMES, name)) return ofTime(asking, sql`c.${sql(name)}`, rule)
    if (isOne(NUMBERS, name)) return ofNumber(asking, sql`c.${sql(name)}`, rule)
    if (isOne(TEXTS, name)) return ofText(asking, sql`c.${sql(name)}`, rule)
    if (name === 'referral_code')
      return ofText(asking, sql`coalesce(c.traits->'referral_code'->>0, c.first_touch->>'referral_code')`, rule)
    if (isOne(TOUCHES, name)) return ofText(asking, sql`(c.first_touch->>${name}::text)`, rule)
    return ofOwn(asking, rule)
  },
}

function ofText({ sql }: Asking, column: Fragment, { is, value }: PropertyRule): Fragment {
  const text = String(value).toLowerCase()
  if (is === 'is_set') return sql`coalesce(${column}, '') <> ''`
  if (is === 'is_not_set') return sql`coalesce(${column}, '') = ''`
  if (is === 'contains') return sql`strpos(lower(coalesce(${column}, '')), ${text}) > 0`
  if (is === 'greater') return sql`coalesce(lower(${column}) > ${text}, false)`
  if (is === 'less') return sql`coalesce(lower(${column}) < ${text}, false)`
  const equal = sql`coalesce(lower(${column}) = ${text}, false)`
  return is === 'equals' ? equal : sql`not ${equal}`
}

function ofNumber({ sql }: Asking, column: Fragment, { is, value }: PropertyRule): Fragment {
  if (is === 'is_set') return sql`${column} is not null`
  if (is === 'is_not_set') return sql`${column} is null`
  const number = Number(value)
  if (is === 'greater') return sql`coalesce(${column}::float8 > ${number}::float8, false)`
  if (is === 'less') return sql`coalesce(${column}::float8 < ${number}::float8, false)`
  const equal = sql`coalesce(${column}::float8 = ${number}::float8, false)`
  return is === 'equals' ? equal : sql`not ${equal}`
}

function ofTime({ sql }: Asking, column: Fragment, { is, value }: PropertyRule): Fragment {
  if (is === 'is_set') return sql`${column} is not null`
  if (is === 'is_not_set') return sql`${column} is null`
  const time = sql`${momentOf(value)!}::text::timestamptz`
  return is === 'greater' ? sql`coalesce(${column} > ${time}, false)` : sql`coalesce(${column} < ${time}, false)`
}

/** A number is compared with what is a number or is written as one; everything else as text, times as they are written. */
function ofOwn(asking: Asking, rule: PropertyRule): Fragment {
  const { sql } = asking
  const said = sql`(c.traits->${rule.name}::text->>0)`
  if (isNumber(rule.value) && rule.is !== 'contains' && rule.is !== 'equals' && rule.is !== 'is_not')
    return ofNumber(asking, sql`(case when ${said} ~ '^-?\\d{1,15}(\\.\\d{1,10})?$' then ${said}::float8 end)`, rule)
  return ofText(asking, said, rule)
}

function isOne<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name)
}

function isNumber(value: unknown) {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,15}(\.\d{1,10})?$/.test(value))
}

function timeOr(value: unknown): Record<string, string> {
  return momentOf(value) !== undefined ? {} : { value: 'must be a time, such as 2026-01-31 or 2026-01-31T09:30:00Z' }
}
