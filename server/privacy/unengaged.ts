import type postgres from 'postgres'
import { archiveContacts } from '../contacts/archive.ts'
import { holdContacts } from '../contacts/hold.ts'
import type { Sql } from '../database/connect.ts'
import { eraseLater } from './start.ts'

/** Of a workspace in a day: each erasure searches its texts once, for all of its people. */
const MOST_A_DAY = 500
const IN_ONE = 50

/** Daily: whoever did nothing for as long as their workspace says is erased as if they had asked for it. */
export async function eraseUnengaged(sql: postgres.Sql): Promise<void> {
  const rules = await sql<{ workspace_id: number; unengaged_months: number }[]>`
    select workspace_id, unengaged_months from retention_rules where unengaged_months is not null order by workspace_id`
  for (const { workspace_id, unengaged_months } of rules)
    await sql.begin(async tx => {
      const rows = await tx<{ id: number }[]>`
        select id
          from (${unengaged(tx, workspace_id, unengaged_months)}) c
         where not exists (select from erasures e where e.workspace_id = ${workspace_id} and e.state <> 'done' and c.id = any(e.contact_ids))
         order by last_at, id
         limit ${MOST_A_DAY}`
      for (let k = 0; k < rows.length; k += IN_ONE) {
        const contact_ids = rows.slice(k, k + IN_ONE).map(({ id }) => id)
        await eraseLater(
          tx,
          workspace_id,
          { contact_ids, email: null, phone: null },
          `nothing for ${unengaged_months} months`,
          RULE,
        )
      }
    })
}

/** Contacts whom one transaction archives, in which others of the workspace wait. */
const AT_ONCE = 500
const RULE = { kind: 'system', name: 'retention' }

/** Daily: the same for the archive. It can be taken back, so there is no most of it in a day. */
export async function archiveUnengaged(sql: postgres.Sql): Promise<void> {
  const rules = await sql<{ workspace_id: number; archive_months: number }[]>`
    select workspace_id, archive_months from retention_rules where archive_months is not null order by workspace_id`
  for (const { workspace_id, archive_months } of rules) {
    const [found] = await sql<{ ids: number[] }[]>`
      select coalesce(array_agg(id), '{}') as ids from (${unarchived(sql, workspace_id, archive_months)}) c`
    const { ids } = found!
    for (let k = 0; k < ids.length; k += AT_ONCE)
      await sql.begin(tx => archiveSome(tx, workspace_id, archive_months, ids.slice(k, k + AT_ONCE)))
  }
}

/** Those of them who did nothing since they were found, either. */
async function archiveSome(sql: postgres.TransactionSql, workspace_id: number, months: number, ids: number[]) {
  const { held } = await holdContacts(sql, workspace_id, ids)
  const still = await sql<{ id: number }[]>`
    select id from (${unarchived(sql, workspace_id, months)}) c where id = any(${held.map(({ id }) => id)}::int[])`
  await archiveContacts(
    sql,
    workspace_id,
    still.map(({ id }) => id),
    RULE,
  )
}

/** Of those who did nothing for so long, who are not archived yet. */
export function unarchived(sql: Sql, workspace_id: number, months: number) {
  return sql`${unengaged(sql, workspace_id, months)} and archived_at is null`
}

/**
 * Who did not come, was not changed and was not written about for so long. Whoever bought something, has a lead that is open or an appointment to
 * come is a customer, and is not forgotten by a rule.
 */
export function unengaged(sql: Sql, workspace_id: number, months: number) {
  return sql`
    select id, name, email, greatest(last_visit, created_at, updated_at) as last_at
      from contacts k
     where workspace_id = ${workspace_id} and merged_into is null and conversion_count = 0
       and greatest(last_visit, created_at, updated_at) < now() - make_interval(months => ${months})
       and not exists (select
                         from contacts p
                         join leads l on l.workspace_id = p.workspace_id and l.contact_id = p.id
                        where p.workspace_id = ${workspace_id} and p.whole_id = k.id
                          and (l.kind = 'open' or l.updated_at >= now() - make_interval(months => ${months})))
       and not exists (select
                         from contacts p
                         join appointments a on a.workspace_id = p.workspace_id and a.contact_id = p.id
                        where p.workspace_id = ${workspace_id} and p.whole_id = k.id and a.scheduled_at >= now() - make_interval(months => ${months}))`
}
