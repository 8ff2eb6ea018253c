import type postgres from 'postgres'
import type { Hold } from '../queue/work.ts'
import { lockSegments, type Ruled, settleMembers } from './settle.ts'

/** Whom one transaction looks at: a moment, in which what changed waits. */
const CHUNK = 2000

/** Looks at all contacts in the order of their ids, from where an interrupted count stopped. A rule that changes meanwhile begins anew. */
export async function countSegment(
  system: postgres.Sql,
  workspace_id: number,
  segment_id: number,
  { signal }: Pick<Hold, 'signal'>,
) {
  while (!signal.aborted && (await countSome(system, workspace_id, segment_id)));
}

/** Whether there are more. */
async function countSome(system: postgres.Sql, workspace_id: number, segment_id: number): Promise<boolean> {
  return system.begin(async sql => {
    await lockSegments(sql, workspace_id)
    const [segment] = await sql<(Ruled & { counted_to: number })[]>`
      select id, name, rule, counted_to
        from segments
       where workspace_id = ${workspace_id} and id = ${segment_id} and counted_to is not null
         for no key update`
    if (!segment) return false
    const contacts = await nextContacts(sql, workspace_id, segment.counted_to, CHUNK)
    await settleMembers(sql, workspace_id, segment, contacts, { tell: false })
    const counted_to = contacts.length < CHUNK ? null : contacts.at(-1)!
    await sql`update segments set counted_to = ${counted_to} where workspace_id = ${workspace_id} and id = ${segment_id}`
    return counted_to !== null
  }) as Promise<boolean>
}

/** The ids of the next contacts, merged and archived ones too: they are in no segment. */
export async function nextContacts(sql: postgres.TransactionSql, workspace_id: number, after: number, most: number) {
  const rows = await sql<{ id: number }[]>`
    select id from contacts where workspace_id = ${workspace_id} and id > ${after} order by id limit ${most}`
  return rows.map(row => row.id)
}
