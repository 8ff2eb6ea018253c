import { type CustomField, type FieldNoun, type FieldOperator, type Money, OPERATORS } from '../../shared/custom-fields.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import type { Question } from './ask.ts'
import { readFields } from './fields.ts'
import { readValue } from './read-custom.ts'

export type Asked = { field: CustomField; question: Question }

/** What an address asks about fields: `custom.<key>` and `custom.<key>.<operator>`. Throws `invalid_request` for each mistake. */
export async function readQuery(sql: Sql, workspace_id: number, noun: FieldNoun, query: object): Promise<Asked[]> {
  const given = Object.entries(query as Record<string, unknown>).filter(([name]) => name.startsWith('custom.'))
  if (given.length === 0) return []
  const fields = await readFields(sql, workspace_id, noun)
  const wrong: Record<string, string> = {}
  const asked = given.flatMap(([name, text]) => {
    const [, key = '', is = 'is'] = name.split('.') as [string, string?, FieldOperator?]
    const field = fields.find(one => one.key === key)
    const { value, currency } = field ? readComparison(field, is, text) : {}
    if (!field) wrong[name] = `is no field of ${noun}s`
    else if (!OPERATORS[field.type].includes(is)) wrong[name] = `must be one of ${OPERATORS[field.type].join(', ')}`
    else if (value === undefined || value === null) wrong[name] = 'cannot be compared with this'
    else return [{ field, question: { key, is, value, currency } }]
    return []
  })
  if (Object.keys(wrong).length > 0) throw refuse('invalid_request', { fields: wrong })
  return asked
}

type Comparison = { value?: Question['value'] | null | undefined; currency?: string | undefined }

function readComparison(field: CustomField, is: FieldOperator, text: unknown): Comparison {
  if (is === 'empty') return { value: text === 'true' ? true : text === 'false' ? false : undefined }
  if (is === 'contains' || field.type === 'email' || field.type === 'url' || field.type === 'phone')
    return { value: String(text).trim() || undefined }
  const value = readValue(field, text)
  if (field.type === 'money' && value) {
    const { amount, currency } = value as Money
    return { value: amount, currency: /^[\d.,\s-]+$/.test(String(text)) ? undefined : currency }
  }
  return { value: (Array.isArray(value) ? value[0] : value) as Comparison['value'] }
}
