import type postgres from 'postgres'
import type { Rule } from '../../shared/segments.ts'
import { ACTIVITIES_RECORDED } from '../activities/record.ts'
import type { Asking } from '../rules/kind.ts'
import { conditionOf } from '../rules/rules.ts'

export type Ruled = { id: number; name: string; rule: Rule }

const ACTOR = { kind: 'system', name: 'segments' }

/**
 * Makes a segment agree with its rule for these contacts and no others, and tells who entered and who left. One statement, whose cost is
 * that of what these contacts did. The caller holds the workspace's lock. Returns how many were wrong.
 */
export async function settleMembers(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { id, name, rule }: Ruled,
  contact_ids: number[],
  { tell }: { tell: boolean },
): Promise<number> {
  const asking: Asking = { sql, workspace_id, contact_ids }
  const about = JSON.stringify({ segment_id: id, name })
  const [row] = await sql<{ changed: number }[]>`
    with fits as materialized (
      select c.id as contact_id
        from contacts c
       where c.workspace_id = ${workspace_id} and c.id = any(${contact_ids}::int[]) and c.merged_into is null and c.archived_at is null
         and ${conditionOf(asking, rule)}
    ), gone as (
      delete from segment_members m
       where m.workspace_id = ${workspace_id} and m.segment_id = ${id} and m.contact_id = any(${contact_ids}::int[])
         and not exists (select from fits f where f.contact_id = m.contact_id)
      returning m.contact_id
    ), come as (
      insert into segment_members (workspace_id, segment_id, contact_id)
      select ${workspace_id}, ${id}, contact_id from fits
          on conflict do nothing
      returning contact_id
    ), counted as (
      update segments s
         set contact_count = s.contact_count + n.come - n.gone
        from (select (select count(*)::int from come) as come, (select count(*)::int from gone) as gone) n
       where s.workspace_id = ${workspace_id} and s.id = ${id} and n.come + n.gone > 0
    ), told as (
      insert into activities (workspace_id, action, actor, contact_id, subject_id, before, after)
      select ${workspace_id}, m.action, ${JSON.stringify(ACTOR)}::text::jsonb, m.contact_id, ${String(id)}, m.before::jsonb, m.after::jsonb
        from (select 'segment.entered' as action, contact_id, null as before, ${about}::text as after from come
               union all
              select 'segment.left', contact_id, ${about}::text, null from gone) m
       where ${tell}::boolean
      returning id
    )
    select (select count(*)::int from come) + (select count(*)::int from gone) as changed,
           case when (select count(*) from told) > 0 then pg_notify(${ACTIVITIES_RECORDED}, '') end`
  return row!.changed
}

/** One writer of members at a time in each workspace, so that what is read afterwards holds until the commit. */
export async function lockSegments(sql: postgres.TransactionSql, workspace_id: number) {
  await askByIndex(sql)
  await sql`select pg_advisory_xact_lock(${SEGMENTS_LOCK}, ${workspace_id})`
}

/** What is asked of some contacts are look-ups in large tables, which a planner with old statistics would rather read as a whole. */
export async function askByIndex(sql: postgres.TransactionSql) {
  await sql.unsafe(BY_INDEX)
}

const SEGMENTS_LOCK = 7_408
const BY_INDEX = ['seqscan', 'hashjoin', 'mergejoin'].map(way => `set local enable_${way} = off`).join('; ')
