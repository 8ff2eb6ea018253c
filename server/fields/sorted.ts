import { type CustomSort, type FieldNoun, UNSORTED } from '../../shared/custom-fields.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { NUMBERED } from './ask.ts'
import { readFields } from './fields.ts'

/** In which column of its values a list is in the order of a field. Throws `invalid_request`. */
export async function readSort(sql: Sql, workspace_id: number, noun: FieldNoun, sort: CustomSort) {
  const [, key] = sort.split('.')
  const field = (await readFields(sql, workspace_id, noun)).find(one => one.key === key)
  if (!field || UNSORTED.includes(field.type))
    throw refuse('invalid_request', {
      fields: { sort: field ? 'is a field that has no order' : `names no field of ${noun}s` },
    })
  const column: 'number' | 'word' = NUMBERED.includes(field.type) ? 'number' : 'word'
  return { field_id: field.id, column, is_descending: sort.startsWith('-') }
}
