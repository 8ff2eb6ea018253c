import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { foldContacts } from '../contacts/fold.ts'
import { type LeadKey, recountLeads } from '../leads/count.ts'
import type { Image } from './image.ts'

/**
 * Lets every total follow a change of conversions, in the transaction of the change: those of the day and the workspace by the
 * difference, those of leads and contacts as the whole sum over what they have (a handful). Six statements for any number of
 * conversions and workspaces. The caller holds the workspaces' identity lock.
 */
export async function settle(sql: postgres.TransactionSql, before: Image[], after: Image[], actor: Actor): Promise<void> {
  await countDays(sql, before, after)
  await sumUpLeads(sql, leadsOf([...before, ...after]))
  await foldContacts(sql, contactsOf([...before, ...after]), actor)
}

/** Only the workspace's own currency is summed up for the workspace; a day and a quarter hour have a row of each. */
async function countDays(sql: postgres.TransactionSql, before: Image[], after: Image[]) {
  const changes = [
    ...before.filter(image => image.counts).map(image => ({ ...image, sign: -1 })),
    ...after.filter(image => image.counts).map(image => ({ ...image, sign: 1 })),
  ]
  if (changes.length === 0) return
  await sql`
    with changes as (
      select workspace_id, sign, day, converted_at, funnel_id, type, currency, sign * (value - refunded) as revenue, sign * refunded as refunded
        from jsonb_to_recordset(${JSON.stringify(changes)}::text::jsonb)
          as c(workspace_id int, sign int, day date, converted_at timestamptz, funnel_id text, type text, currency text, value numeric, refunded numeric)
    ), quarters as (
      insert into conversion_quarters as q (workspace_id, funnel_id, quarter, type, currency, conversions, revenue, refunded)
      select c.workspace_id, f.funnel_id, date_bin('15 minutes', c.converted_at, timestamptz '2000-01-01 00:00:00Z'), c.type, c.currency,
             sum(c.sign), sum(c.revenue), sum(c.refunded)
        from changes c
       cross join lateral (select '' as funnel_id union select c.funnel_id) f
       where f.funnel_id is not null
       group by 1, 2, 3, 4, 5
       order by 1, 2, 3, 4, 5
          on conflict (workspace_id, funnel_id, quarter, type, currency) do update
         set conversions = q.conversions + excluded.conversions, revenue = q.revenue + excluded.revenue,
             refunded = q.refunded + excluded.refunded
    ), days as (
      insert into conversion_days as d (workspace_id, day, type, currency, conversions, revenue, refunded)
      select workspace_id, day, type, currency, sum(sign), sum(revenue), sum(refunded)
        from changes
       group by workspace_id, day, type, currency
       order by workspace_id, day, type, currency
          on conflict (workspace_id, day, type, currency) do update
         set conversions = d.conversions + excluded.conversions, revenue = d.revenue + excluded.revenue,
             refunded = d.refunded + excluded.refunded
    )
    update workspaces w
       set total_conversions = w.total_conversions + s.conversions, total_revenue = w.total_revenue + s.revenue
      from (select c.workspace_id, sum(c.sign) as conversions, coalesce(sum(c.revenue) filter (where c.currency = k.currency), 0) as revenue
              from changes c
              join workspaces k on k.id = c.workspace_id
             group by c.workspace_id) s
     where w.id = s.workspace_id`
}

/** A test lead shows its test conversions; they count nowhere else. */
export async function sumUpLeads(sql: postgres.TransactionSql, leads: LeadKey[]): Promise<void> {
  if (leads.length === 0) return
  await recountLeads(sql, leads, () =>
    sql`
      update leads l
         set conversion_id = s.first_id, conversion_count = s.conversions, conversion_value = s.value, converted_at = s.first_at,
             updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), l.updated_at + interval '1 millisecond')
        from jsonb_to_recordset(${JSON.stringify(leads)}::text::jsonb) as k(workspace_id int, id bigint)
        join workspaces w on w.id = k.workspace_id
        join leads b on b.workspace_id = k.workspace_id and b.id = k.id
       cross join lateral (
             select count(*)::int as conversions, coalesce(sum(n.value - n.refunded) filter (where n.currency = w.currency), 0) as value,
                    (array_agg(n.id order by n.converted_at, n.id))[1] as first_id, min(n.converted_at) as first_at
               from conversions n
              where n.workspace_id = b.workspace_id and n.lead_id = b.id and n.status <> 'void' and (b.is_test or not n.is_test)) s
       where l.workspace_id = k.workspace_id and l.id = k.id
         and (l.conversion_id, l.conversion_count, l.conversion_value, l.converted_at)
             is distinct from (s.first_id, s.conversions, s.value, s.first_at)`.execute(),
  )
}

function leadsOf(images: Image[]): LeadKey[] {
  const leads = images.flatMap(({ workspace_id, lead_id }) => (lead_id === null ? [] : [{ workspace_id, id: lead_id }]))
  return [...new Map(leads.map(lead => [`${lead.workspace_id} ${lead.id}`, lead])).values()]
}

function contactsOf(images: Image[]) {
  return images.flatMap(({ workspace_id, contact_id }) => (contact_id === null ? [] : [{ workspace_id, contact_id }]))
}
