import type postgres from 'postgres'
import type { CustomField, FieldOperator, FieldType } from '../../shared/custom-fields.ts'
import type { Sql } from '../database/connect.ts'

type Fragment = postgres.Fragment
/**
 * A field by its key, and what it is compared with as it is stored; of `empty` whether it is. Amounts are compared in any currency, or
 * those in the one that is named.
 */
export type Question = { key: string; is: FieldOperator; value: string | number | boolean; currency?: string | undefined }

/**
 * Whether a contact `c` or a lead `l` has such a value: never null, without the field itself, which may be gone by now. Texts are compared
 * without regard to case, days and times as they are written: both begin with the year.
 */
export function holdsCustom(sql: Sql, of: 'c' | 'l', { key, is, value, currency }: Question): Fragment {
  const said = sql`(${sql(`${of}.custom`)} -> ${key}::text)`
  const text = sql`lower(${sql(`${of}.custom`)} ->> ${key}::text) collate "C"`
  const word = String(value).toLowerCase()
  if (is === 'empty') return value === false ? sql`(${said} is not null)` : sql`(${said} is null)`
  if (is === 'is_not') return sql`not ${holdsCustom(sql, of, { key, is: 'is', value, currency })}`
  if (is === 'contains') return sql`coalesce(strpos(${text}, ${word}) > 0, false)`
  if (is === 'before') return sql`coalesce(${text} < ${word}, false)`
  if (is === 'after') return sql`coalesce(${text} > ${word}, false)`
  const amount = currency === undefined ? sql`` : sql`and ${said} ->> 'currency' = ${currency}`
  const number = sql`
    case jsonb_typeof(${said}) when 'number' then ${said}::float8
                               when 'object' then case when true ${amount} then (${said} -> 'amount')::float8 end end`
  if (is === 'greater') return sql`coalesce(${number} > ${Number(value)}::float8, false)`
  if (is === 'less') return sql`coalesce(${number} < ${Number(value)}::float8, false)`
  if (typeof value === 'number') return sql`coalesce(${number} = ${value}::float8, false)`
  return sql`coalesce(${text} = ${word} or ${said} @> to_jsonb(${word}::text), false)`
}

/** Those whose values are numbers, or have one: lists are sorted by that. */
export const NUMBERED: readonly FieldType[] = ['number', 'money', 'boolean']

/** The rows of all who have such a value, by an index; undefined for what nearly everybody is, and for texts that no index holds whole. */
export function valuesWith(
  sql: Sql,
  workspace_id: number,
  field: CustomField,
  { is, value, currency }: Question,
): Fragment | undefined {
  if (is === 'is_not' || (is === 'empty' && value !== false)) return undefined
  const rows = sql`
    select ${sql(`${field.noun}_id`)}
      from ${sql(`${field.noun}_values`)}
     where workspace_id = ${workspace_id} and field_id = ${field.id} ${currency === undefined ? sql`` : sql`and word = lower(${currency})`}`
  const word = String(value).toLowerCase()
  if (is === 'empty') return sql`${rows} and n = 1`
  if (is === 'contains') return field.type === 'long_text' ? undefined : sql`${rows} and strpos(word, ${word}) > 0`
  if (is === 'before') return sql`${rows} and word < ${word}`
  if (is === 'after') return sql`${rows} and word > ${word}`
  if (is === 'greater') return sql`${rows} and number > ${Number(value)}::float8`
  if (is === 'less') return sql`${rows} and number < ${Number(value)}::float8`
  if (NUMBERED.includes(field.type)) return sql`${rows} and number = ${Number(value)}::float8`
  return sql`${rows} and word = ${word}`
}
