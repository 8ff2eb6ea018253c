import type postgres from 'postgres'
import type { Import, ImportOf, ImportSettings, ImportUpdate } from '../../../shared/imports.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { findTransfer } from '../list.ts'
import { NOUNS } from './nouns.ts'
import type { FileFacts } from './read-file.ts'
import { DEFAULTS } from './suggest.ts'

/** What stands in the settings of a transfer that is an import, from when its file has been read. */
export type Stay = FileFacts & Pick<Import, 'of' | 'rows' | 'preset' | 'suggested_by'> & { mapping: ImportSettings }

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
  const { mapping, ...stay } = row.settings
  // Of before there were leads.
  return { ...stay, of: stay.of ?? 'contacts', mapping: { ...DEFAULTS, ...mapping, fixed: mapping.fixed ?? [] } }
}

/** What a file with the same headings was given in this workspace, the newest, where somebody looked at it. */
export async function suggestFor(sql: Sql, workspace_id: number, of: ImportOf, headers: string[]) {
  const [[earlier], fields] = await Promise.all([
    sql<{ mapping: ImportSettings }[]>`
      select settings -> 'mapping' as mapping
        from transfers
       where workspace_id = ${workspace_id} and kind = 'import' and step <> 'read' and coalesce(settings ->> 'of', 'contacts') = ${of}
         and settings -> 'headers' = ${JSON.stringify(headers)}::text::jsonb
       order by id desc
       limit 1`,
    NOUNS[of].fields(sql, workspace_id),
  ])
  return NOUNS[of].suggest(headers, earlier?.mapping, fields)
}

/** Throws `in_use` while it runs, `invalid_fields`, and `conflict` when it was written already. */
export async function editImport(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  given: ImportUpdate,
): Promise<Import> {
  const { of, headers, mapping } = await readStay(sql, workspace_id, id)
  await requireOpen(sql, workspace_id, id)
  const is = { ...mapping, ...given }
  const fields = await NOUNS[of].fields(sql, workspace_id)
  requireTargets(of, is, headers, target => NOUNS[of].wrongTarget(target, fields))
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

function requireTargets(
  of: ImportOf,
  { columns, fixed, by, mode }: ImportSettings,
  headers: string[],
  wrongTarget: (target: string) => string | undefined,
) {
  const wrong: Record<string, string> = {}
  const known = new Set(headers)
  for (const { header, target } of columns) {
    const sentence = !known.has(header) ? 'is no column of the file' : target === null ? undefined : wrongTarget(target)
    if (sentence !== undefined) wrong[`columns.${header}`] = sentence
  }
  for (const { target } of fixed) {
    const sentence = wrongTarget(target)
    if (sentence !== undefined) wrong[`fixed.${target}`] = sentence
  }
  const targets = [...columns, ...fixed].map(({ target }) => target)
  const keys = NOUNS[of].keys
  if (!keys.includes(by)) wrong.by = `must be one of ${keys.join(', ')} for ${of}`
  else if (by === 'none' && mode !== 'create') wrong.mode = 'must be create where rows have no key'
  else if (by === 'any' && !['email', 'phone', 'user_id'].some(key => targets.includes(key)))
    wrong.by = 'needs a column with an e-mail, a phone or a user id'
  else if (by !== 'any' && by !== 'none' && !targets.includes(by)) wrong.by = 'needs a column that fills it'
  if (Object.keys(wrong).length > 0) throw refuse('invalid_fields', { fields: wrong })
}
