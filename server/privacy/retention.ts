import type postgres from 'postgres'
import type { Retention, RetentionPreview, RetentionUpdate } from '../../shared/privacy.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { eraseLater } from './start.ts'

const SAMPLE = 20
/** Of a workspace in a day: each erasure searches its texts once, for all of its people. */
const MOST_A_DAY = 500
const IN_ONE = 50

export async function readRetention(sql: Sql, workspace_id: number): Promise<Retention> {
  const [rule] = await sql<Retention[]>`select unengaged_months from retention_rules where workspace_id = ${workspace_id}`
  return { unengaged_months: rule?.unengaged_months ?? null }
}

export async function changeRetention(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { unengaged_months }: RetentionUpdate,
  actor: Actor,
): Promise<Retention> {
  const before = await readRetention(sql, workspace_id)
  if (before.unengaged_months === unengaged_months) return before
  await sql`
    insert into retention_rules (workspace_id, unengaged_months) values (${workspace_id}, ${unengaged_months})
        on conflict (workspace_id) do update set unengaged_months = excluded.unengaged_months, updated_at = now()`
  await recordActivities(sql, workspace_id, [{ action: 'retention.updated', actor, before, after: { unengaged_months } }])
  return { unengaged_months }
}

/** Whom a rule would erase now, the one who did nothing for the longest first. */
export async function previewRetention(sql: Sql, workspace_id: number, months: number): Promise<RetentionPreview> {
  const [all] = await sql<
    { contacts: number }[]
  >`select count(*)::int as contacts from (${unengaged(sql, workspace_id, months)}) c`
  const sample = await sql<RetentionPreview['sample']>`
    select id, name, email, last_at from (${unengaged(sql, workspace_id, months)}) c order by last_at, id limit ${SAMPLE}`
  return { contacts: all!.contacts, sample: [...sample] }
}

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

const RULE = { kind: 'system', name: 'retention' }

/**
 * Who did not come, was not changed and was not written about for so long. Whoever bought something, has a lead that is open or an appointment to
 * come is a customer, and is not forgotten by a rule.
 */
function unengaged(sql: Sql, workspace_id: number, months: number) {
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
