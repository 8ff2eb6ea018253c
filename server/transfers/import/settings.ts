import type postgres from 'postgres'
import type { CustomField } from '../../../shared/custom-fields.ts'
import type { Import, ImportSettings, ImportUpdate } from '../../../shared/imports.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { readFields } from '../../fields/fields.ts'
import { findTransfer } from '../list.ts'
import type { FileFacts } from './read-file.ts'
import { suggest } from './suggest.ts'
import { wrongTarget } from './targets.ts'

/** What stands in the settings of a transfer that is an import, from when its file has been read. */
export type Stay = FileFacts & Pick<Import, 'rows' | 'preset' | 'suggested_by'> & { mapping: ImportSettings }

/** Throws `not_found`, also for a transfer of another kind, and for a file of which the end has not come. */
export async function findImport(sql: Sql, workspace_id: number, id: number): Promise<Import> {
  const [{ ...transfer }, { mapping, headers, ...stay }] = await Promise.all([
    findTransfer(sql, workspace_id, id),
    readStay(sql, workspace_id, id),
  ])
  return { ...transfer, ...stay, ...mapping }
}

export async function readStay(sql: Sql, workspace_id: number, id: number): Promise<Stay> {
  const [row] = await sql<{ settings: Stay }[]>`
    select settings
      from transfers
     where workspace_id = ${workspace_id} and id = ${id} and kind = 'import' and settings ? 'mapping'`
  if (!row) throw refuse('not_found')
  return row.settings
}

/** What a file with the same headings was given in this workspace, the newest, where somebody looked at it. */
export async function suggestFor(sql: Sql, workspace_id: number, headers: string[]) {
  const [[earlier], fields] = await Promise.all([
    sql<{ mapping: ImportSettings }[]>`
      select settings -> 'mapping' as mapping
        from transfers
       where workspace_id = ${workspace_id} and kind = 'import' and step <> 'read' and settings -> 'headers' = ${JSON.stringify(headers)}::text::jsonb
       order by id desc
       limit 1`,
    readFields(sql, workspace_id, 'contact'),
  ])
  return suggest(headers, earlier?.mapping, fields)
}

/** Throws `in_use` while it runs, `invalid_fields`, and `conflict` when it was written already. */
export async function editImport(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  given: ImportUpdate,
): Promise<Import> {
  const { headers, mapping } = await readStay(sql, workspace_id, id)
  await requireOpen(sql, workspace_id, id)
  const is = { ...mapping, ...given }
  requireTargets(is, headers, await readFields(sql, workspace_id, 'contact'))
  const said = new Map(is.columns.map(({ header, target }) => [header, target]))
  const columns = headers.map(header => ({ header, target: said.get(header) ?? null }))
  await sql`
    update transfers
       set settings = settings || ${JSON.stringify({ mapping: { ...is, columns } })}::text::jsonb
     where workspace_id = ${workspace_id} and id = ${id}`
  return findImport(sql, workspace_id, id)
}

/** It can be looked at and tried as often as somebody likes, and is written once. */
export async function requireOpen(sql: postgres.TransactionSql, workspace_id: number, id: number) {
  const [row] = await sql<{ step: string; state: string }[]>`
    select step, state from transfers where workspace_id = ${workspace_id} and id = ${id} for update`
  if (row!.state === 'running') throw refuse('in_use', { message: 'This is under way. Wait for its end, or stop it.' })
  if (row!.step === 'write' || row!.step === 'revert')
    throw refuse('conflict', { message: 'This file was imported already. Send it again to import it another time.' })
}

function requireTargets({ columns, fixed, by }: ImportSettings, headers: string[], fields: readonly CustomField[]) {
  const wrong: Record<string, string> = {}
  const known = new Set(headers)
  for (const { header, target } of columns) {
    const sentence = !known.has(header) ? 'is no column of the file' : target === null ? undefined : wrongTarget(target, fields)
    if (sentence !== undefined) wrong[`columns.${header}`] = sentence
  }
  for (const { target } of fixed) {
    const sentence = wrongTarget(target, fields)
    if (sentence !== undefined) wrong[`fixed.${target}`] = sentence
  }
  const targets = [...columns, ...fixed].map(({ target }) => target)
  if (by === 'any' ? !['email', 'phone', 'user_id'].some(key => targets.includes(key)) : !targets.includes(by))
    wrong.by = by === 'any' ? 'needs a column with an e-mail, a phone or a user id' : 'needs a column that fills it'
  if (Object.keys(wrong).length > 0) throw refuse('invalid_fields', { fields: wrong })
}
