import type { Sql } from '../../database/connect.ts'
import { storable } from '../../database/storable.ts'
import type { SustainerPage } from '../manager.ts'
import type { Run } from '../runs/run.ts'

type Place = Pick<Run, 'workspace_id' | 'id' | 'connection_id'>

/**
 * Keeps a page until all are there. Returns how many were not on any page before. Whoever one page names as sustaining and another
 * does not sustains: a doubt ends nobody, and the next week knows.
 */
export async function stageMembers(sql: Sql, { workspace_id, id }: Place, members: SustainerPage['members']): Promise<number> {
  if (members.length === 0) return 0
  const staged = await sql<{ is_new: boolean }[]>`
    insert into crm_sustainer_reads as r (workspace_id, run_id, external_id, sustains)
    select ${workspace_id}, ${id}, m.external_id, bool_or(m.is_sustainer)
      from jsonb_to_recordset(${JSON.stringify(storable(members))}::text::jsonb) as m(external_id text, is_sustainer boolean)
     group by m.external_id
    on conflict (workspace_id, run_id, external_id) do update set sustains = true where excluded.sustains and not r.sustains
    returning xmax = 0 as is_new`
  return staged.filter(({ is_new }) => is_new).length
}

export async function countStaged(sql: Sql, { workspace_id, id }: Place): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from crm_sustainer_reads where workspace_id = ${workspace_id} and run_id = ${id}`
  return row!.count
}

/** Also what a run of this connection left that was stopped or whose process died: there is one at a time. */
export async function clearReads(sql: Sql, { workspace_id, connection_id }: Place): Promise<void> {
  await sql`
    delete from crm_sustainer_reads
     where workspace_id = ${workspace_id}
       and run_id in (select id from crm_runs where workspace_id = ${workspace_id} and connection_id = ${connection_id})`
}

/** Of a run that is nobody's any more. One that somebody else has goes on with what it staged. */
export async function clearStopped(sql: Sql, { workspace_id, id }: Place): Promise<void> {
  await sql`
    with stopped as materialized (
      select id from crm_runs where workspace_id = ${workspace_id} and id = ${id} and state <> 'running' for update
    )
    delete from crm_sustainer_reads where workspace_id = ${workspace_id} and run_id in (select id from stopped)`
}
