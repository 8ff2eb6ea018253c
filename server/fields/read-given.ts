import type { FieldNoun } from '../../shared/custom-fields.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { readFields } from './fields.ts'
import { type Custom, missingIn, readCustom } from './read-custom.ts'

/** What a request says about fields, as it is stored. `is_new`: what is required must be among it. Throws `invalid_fields` for each mistake. */
export async function readGiven(
  sql: Sql,
  workspace_id: number,
  noun: FieldNoun,
  given: Custom = {},
  { is_new = false } = {},
): Promise<Custom> {
  if (!is_new && Object.keys(given).length === 0) return {}
  const fields = await readFields(sql, workspace_id, noun)
  const { custom, problems } = readCustom(fields, given)
  const wrong = { ...(is_new && missingIn(fields, given)), ...problems }
  if (Object.keys(wrong).length > 0) throw refuse('invalid_fields', { fields: wrong })
  return custom
}
