import type postgres from 'postgres'
import type { Retention, RetentionPreview, RetentionQuery, RetentionUpdate } from '../../shared/privacy.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { countOldEvents } from './forget-events.ts'
import { eraseLater } from './start.ts'

const SAMPLE = 20
/** Of a workspace in a day: each erasure searches its texts once, for all of its people. */
const MOST_A_DAY = 500
const IN_ONE = 50

export async function readRetention(sql: Sql, workspace_id: number): Promise<Retention> {
  const [rule] = await sql<Retention[]>`
    select unengaged_months, event_months, events_before from retention_rules where workspace_id = ${workspace_id}`
  return rule ?? { unengaged_months: null, event_months: null, events_before: null }
}

export async function changeRetention(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: RetentionUpdate,
  actor: Actor,
): Promise<Retention> {
  const { events_before, ...before } = await readRetention(sql, workspace_id)
  const after = { ...before, ...given }
  const { unengaged_months, event_months } = after
  if (unengaged_months === before.unengaged_months && event_months === before.event_months) return { ...before, events_before }
  await sql`
    insert into retention_rules (workspace_id, unengaged_months, event_months)
    values (${workspace_id}, ${unengaged_months}, ${event_months})
        on conflict (workspace_id) do update
       set unengaged_months = excluded.unengaged_months, event_months = excluded.event_months, updated_at = now()`
  await recordActivities(sql, workspace_id, [{ action: 'retention.updated', actor, before, after }])
  return { ...after, events_before }
}

/** Whom a rule would erase now, the one who did nothing for the longest first, and how many events another would delete. */
export async function previewRetention(
  sql: Sql,
  workspace_id: number,
  { unengaged_months: months, event_months }: RetentionQuery,
): Promise<RetentionPreview> {
  const [all] = await sql<
    { contacts: number }[]
  >`select count(*)::int as contacts from (${unengaged(sql, workspace_id, months)}) c`
  const sample = await sql<RetentionPreview['sample']>`
    select id, name, email, last_at from (${unengaged(sql, workspace_id, months)}) c order by last_at, id limit ${SAMPLE}`
  const events = event_months === undefined ? null : await countOldEvents(sql, workspace_id, event_months)
  return { contacts: all!.contacts, sample: [...sample], events }
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
