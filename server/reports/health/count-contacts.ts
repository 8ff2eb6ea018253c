import { SEGMENTS, STAGES } from '../../../shared/contacts.ts'
import type { ContactHealth } from '../../../shared/health.ts'
import type { Sql } from '../../database/connect.ts'

export type Counts = Omit<ContactHealth, 'counted_at'>

type Row = {
  segment: ContactHealth['segments'][number]['segment']
  stage: ContactHealth['stages'][number]['stage']
} & { [K in Sum]: number }
export const SUMS = ['contacts', 'new_today', 'new_yesterday', 'new_7_days', 'new_7_days_before', 'active_30_days'] as const
type Sum = (typeof SUMS)[number]

/** One pass over all contacts of a workspace: about a second for a million. */
export async function countContacts(sql: Sql, workspace_id: number): Promise<Counts> {
  const [workspace] = await sql<{ time_zone: string }[]>`select time_zone from workspaces where id = ${workspace_id}`
  const { time_zone } = workspace!
  const day = (before: number) => sql`date_trunc('day', now() - make_interval(days => ${before}::int), ${time_zone}::text)`
  // The days are worked out once: for each of a million rows they would take longer than the counting.
  const rows = await sql<Row[]>`
    with d as materialized (
      select ${day(0)} as today, ${day(1)} as yesterday, ${day(6)} as seven, ${day(13)} as fourteen
    )
    select segment_of(c.watch_percentage, c.registered_at) as segment, c.stage, count(*)::int as contacts,
           (count(*) filter (where c.created_at >= d.today))::int as new_today,
           (count(*) filter (where c.created_at >= d.yesterday and c.created_at < d.today))::int as new_yesterday,
           (count(*) filter (where c.created_at >= d.seven))::int as new_7_days,
           (count(*) filter (where c.created_at >= d.fourteen and c.created_at < d.seven))::int as new_7_days_before,
           (count(*) filter (where c.last_visit >= now() - interval '30 days'))::int as active_30_days
      from d
      join contacts c on c.workspace_id = ${workspace_id} and c.merged_into is null and c.archived_at is null
     group by 1, 2`
  const sumOf = (name: Sum, of: readonly Row[] = rows) => of.reduce((sum, row) => sum + row[name], 0)
  const sums = Object.fromEntries(SUMS.map(name => [name, sumOf(name)])) as Record<Sum, number>
  return {
    time_zone,
    ...sums,
    segments: [null, ...SEGMENTS].map(segment => ({
      segment,
      contacts: sumOf(
        'contacts',
        rows.filter(row => row.segment === segment),
      ),
    })),
    stages: STAGES.map(stage => ({
      stage,
      contacts: sumOf(
        'contacts',
        rows.filter(row => row.stage === stage),
      ),
    })),
  }
}
