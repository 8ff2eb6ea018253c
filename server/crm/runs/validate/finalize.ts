import type postgres from 'postgres'
import type { CrmRun } from '../../../../shared/crm.ts'
import type { Actor } from '../../../../shared/shape.ts'
import { recordActivities } from '../../../activities/record.ts'
import type { Database, Sql } from '../../../database/connect.ts'
import { inWorkspace } from '../../../database/transaction.ts'
import { refuse } from '../../../errors.ts'
import { findRun } from '../list.ts'
import { lockConnections } from '../start.ts'
import { countMembers } from './members.ts'

/** A moment each, so that whoever changes a link waits for no more. */
const CHUNK = 5000

/**
 * Ends a migration: the old ids go, and the CRM that they are of is switched off and gets nobody new. Throws `in_use` while it would lose anybody: somebody in a
 * state of failure or not checked, somebody with an old id that the run does not know, a run under way or a newer one. Interrupted, it goes on
 * where it is called again.
 */
export async function finalize(
  database: Database,
  workspace_id: number,
  run_id: number,
  actor: Actor,
): Promise<{ dropped: number }> {
  const inTurn = <T>(work: (sql: postgres.TransactionSql, run: CrmRun) => Promise<T>) =>
    inWorkspace(database, workspace_id, async sql => {
      const run = await findRun(sql, workspace_id, run_id)
      // No run begins or is resumed meanwhile.
      await lockConnections(sql, workspace_id, run)
      return work(sql, run)
    })
  await inTurn(async (sql, run) => {
    await requireAllFound(sql, workspace_id, run)
    await sql`
      update crm_connections
         set active = false, adds = 'nobody', updated_at = now()
       where workspace_id = ${workspace_id} and id = ${run.from_connection_id}`
  })
  let dropped = 0
  for (let count = CHUNK; count === CHUNK; dropped += count) {
    count = await inTurn((sql, run) => dropSome(sql, workspace_id, run))
  }
  await inWorkspace(database, workspace_id, async sql => {
    const { from_connection_id: subject_id, connection_id } = await findRun(sql, workspace_id, run_id)
    const after = { run_id, connection_id, dropped }
    await recordActivities(sql, workspace_id, [{ action: 'crm_connection.finalized', actor, subject_id, after }])
  })
  return { dropped }
}

async function requireAllFound(sql: Sql, workspace_id: number, { id, kind, state, connection_id, from_connection_id }: CrmRun) {
  if (kind !== 'validate')
    throw refuse('invalid_request', { message: 'Only a walk over members with old ids can be finished like this.' })
  if (state === 'running') throw refuse('in_use', { message: `Run ${id} is under way. Wait for its end.` })
  const [newer] = await sql<{ id: number }[]>`
    select id
      from crm_runs
     where workspace_id = ${workspace_id} and connection_id = ${connection_id} and from_connection_id = ${from_connection_id}
       and kind = 'validate' and id > ${id}
     order by id desc
     limit 1`
  if (newer) throw refuse('in_use', { message: `Run ${newer.id} is newer than this one. Finish that one.` })
  const { WroteSalesforceAppUserUid: _, ...open } = await countMembers(sql, { workspace_id, id })
  const unknown = await countUnknown(sql, workspace_id, { id, from_connection_id })
  const why = Object.entries({ ...open, ...(unknown > 0 && { 'not known to this run': unknown }) })
  if (why.length === 0) return
  const counts = why.map(([name, count]) => `${name}: ${count}`).join(', ')
  throw refuse('in_use', { message: `Old ids are still needed (${counts}). Settle these, then resume the run.` })
}

/** Who got an old id, or another one, since the members were gathered. */
async function countUnknown(
  sql: Sql,
  workspace_id: number,
  { id, from_connection_id }: Pick<CrmRun, 'id' | 'from_connection_id'>,
) {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count
      from crm_links l
      left join crm_run_members m on m.workspace_id = ${workspace_id} and m.run_id = ${id} and m.contact_id = l.contact_id and m.old_id = l.external_id
     where l.workspace_id = ${workspace_id} and l.connection_id = ${from_connection_id} and l.external_id is not null and m.contact_id is null`
  return row!.count
}

/** Whatever was checked a moment ago: an old id goes only with its member found. A link without one holds nothing. */
async function dropSome(sql: Sql, workspace_id: number, { id, from_connection_id }: CrmRun): Promise<number> {
  const { count } = await sql`
    delete from crm_links
     where workspace_id = ${workspace_id} and connection_id = ${from_connection_id}
       and contact_id in (
             select l.contact_id
               from crm_links l
               left join crm_run_members m on m.workspace_id = ${workspace_id} and m.run_id = ${id} and m.contact_id = l.contact_id
              where l.workspace_id = ${workspace_id} and l.connection_id = ${from_connection_id}
                and (l.external_id is null or m.state = 'WroteSalesforceAppUserUid' and m.old_id = l.external_id)
              order by l.contact_id
              limit ${CHUNK})`
  return count
}
