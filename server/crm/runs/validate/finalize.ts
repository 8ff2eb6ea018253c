import type postgres from 'postgres'
import type { CrmRun } from '../../../../shared/crm.ts'
import type { Actor } from '../../../../shared/shape.ts'
import { recordActivities } from '../../../activities/record.ts'
import type { Database, Sql } from '../../../database/connect.ts'
import { inWorkspace } from '../../../database/transaction.ts'
import { refuse } from '../../../errors.ts'
import { findRun } from '../list.ts'
import { lockConnections } from '../start.ts'
import { countMembers, joinInWhole } from './members.ts'

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
      await joinInWhole(sql)
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
  for (let after: number | null = 0; after !== null; ) {
    const from: number = after
    const [last, count] = await inTurn((sql, run) => dropSome(sql, workspace_id, run, from))
    after = last
    dropped += count
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

/**
 * Of the next links by contact. Whatever was checked a moment ago, an old id goes only with its member found; a link without one holds nothing.
 * Returns the last contact, or null at the end, and how many links went.
 */
async function dropSome(
  sql: Sql,
  workspace_id: number,
  { id, from_connection_id }: CrmRun,
  after: number,
): Promise<[number | null, number]> {
  const [row] = await sql<{ last: number | null }[]>`
    select max(contact_id) as last
      from (select contact_id
              from crm_links
             where workspace_id = ${workspace_id} and connection_id = ${from_connection_id} and contact_id > ${after}
             order by contact_id
             limit ${CHUNK}) l`
  const { last } = row!
  if (last === null) return [null, 0]
  const { count } = await sql`
    delete from crm_links
     where workspace_id = ${workspace_id} and connection_id = ${from_connection_id} and contact_id > ${after} and contact_id <= ${last}
       and contact_id in (
             select l.contact_id
               from crm_links l
               left join crm_run_members m
                 on m.workspace_id = ${workspace_id} and m.run_id = ${id} and m.contact_id = l.contact_id
                and m.contact_id > ${after} and m.contact_id <= ${last}
              where l.workspace_id = ${workspace_id} and l.connection_id = ${from_connection_id}
                and l.contact_id > ${after} and l.contact_id <= ${last}
                and (l.external_id is null or m.state = 'WroteSalesforceAppUserUid' and m.old_id = l.external_id))`
  return [last, count]
}
