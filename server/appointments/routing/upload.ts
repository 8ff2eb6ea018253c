import type postgres from 'postgres'
import type { RoutingRule, RoutingSettings, RoutingUploaded } from '../../../shared/routing.ts'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import { bare } from '../../leads/choose.ts'
import { checkRules } from './check.ts'
import { lockRouting } from './lock.ts'
import { publishRules } from './publish.ts'
import { ranksAt } from './ranks.ts'
import { addRules, isSame, settingsOf } from './rules.ts'
import type { SheetRow } from './sheet.ts'

type Known = Omit<RoutingRule, 'created_at' | 'updated_at'> & { rank: number }
type Row = RoutingUploaded['rows'][number]
type Planned = { row: Row; settings: RoutingSettings; position: number | undefined; known: Known | undefined }

/**
 * Makes and changes rules as the rows of a file say, by their names: one that is there already gets a new version, when it is different.
 * With anything wrong nothing is stored, unless `partial`: then what is right. A constant number of statements for any number of rows.
 */
export async function uploadRules(
  sql: postgres.TransactionSql,
  workspace_id: number,
  sheet: SheetRow[],
  { partial }: { partial: boolean },
  actor: Actor,
): Promise<RoutingUploaded> {
  await lockRouting(sql, [workspace_id])
  const known = await readKnown(sql, workspace_id)
  const planned = await plan(sql, workspace_id, sheet, known)
  const rows = planned.map(({ row }) => row)
  const count = (result: Row['result']) => rows.filter(row => row.result === result).length
  const stored = partial || count('wrong') === 0
  if (stored) await store(sql, workspace_id, planned, known, actor)
  return { made: count('made'), changed: count('changed'), same: count('same'), wrong: count('wrong'), stored, rows }
}

function readKnown(sql: postgres.TransactionSql, workspace_id: number): Promise<Known[]> {
  return sql<Known[]>`
    select id, row_number() over (order by rank)::int as position, version, name, active, matches, target, fallback, needs_free,
           rank
      from routing_rules
     where workspace_id = ${workspace_id}
     order by rank`
}

async function plan(sql: postgres.TransactionSql, workspace_id: number, sheet: SheetRow[], known: Known[]): Promise<Planned[]> {
  const names = new Map<string, Known[]>()
  for (const rule of known) names.set(bare(rule.name), [...(names.get(bare(rule.name)) ?? []), rule])
  const seen = new Set<string>()
  const wrong = await checkRules(
    sql,
    workspace_id,
    sheet.map(row => row.settings),
  )
  return sheet.map(({ line, name, settings, position, reason }, k) => {
    const [same_name, ...others] = names.get(bare(name)) ?? []
    const fault =
      reason ??
      (seen.has(bare(name)) ? 'the name is there twice in this file' : null) ??
      (others.length > 0 ? 'two rules have this name already: rename one of them' : null) ??
      (Object.entries(wrong[k]!).map(([field, sentence]) => `${field.replace('matches.', '')} ${sentence}`)[0] || null)
    seen.add(bare(name))
    const is_same =
      same_name !== undefined &&
      isSame(settingsOf(same_name), settings) &&
      (position ?? same_name.position) === same_name.position
    const result = fault !== null ? 'wrong' : same_name === undefined ? 'made' : is_same ? 'same' : 'changed'
    const row: Row = { row: line, name, result, rule_id: same_name?.id ?? null, reason: fault }
    return { row, settings, position, known: same_name }
  })
}

async function store(sql: postgres.TransactionSql, workspace_id: number, planned: Planned[], known: Known[], actor: Actor) {
  const right = planned.filter(({ row }) => row.result === 'made' || row.result === 'changed')
  const made = right.filter(({ row }) => row.result === 'made')
  const ranks = made.length > 0 ? await ranksAt(sql, workspace_id, { count: made.length }) : []
  const ids = await addRules(
    sql,
    workspace_id,
    made.map(({ settings }, k) => ({ rank: ranks[k]!, settings })),
  )
  for (const [k, { row }] of made.entries()) row.rule_id = ids[k]!
  const rank = await placeAll(sql, workspace_id, right, known, new Map(ids.map((id, k) => [id, ranks[k]!])))
  const different = right.filter(one => one.known === undefined || !isSame(settingsOf(one.known), one.settings))
  const publishing = different.map(({ row, settings, known: before }) => ({
    id: row.rule_id!,
    version: (before?.version ?? 0) + 1,
    rank: rank.get(row.rule_id!)!,
    settings,
  }))
  await publishRules(sql, workspace_id, publishing, actor)
  await recordActivities(
    sql,
    workspace_id,
    different.map(({ row, settings, known: before }) => ({
      action: before ? 'routing_rule.updated' : 'routing_rule.created',
      actor,
      subject_id: row.rule_id!,
      ...(before && { before: settingsOf(before) }),
      after: settings,
    })),
  )
}

/** Where each rule stands afterwards. With positions all are numbered anew, at once: those that have one have it, the others fill what is left. */
async function placeAll(
  sql: postgres.TransactionSql,
  workspace_id: number,
  right: Planned[],
  known: Known[],
  made: Map<number, number>,
): Promise<Map<number, number>> {
  const ranks = new Map([...known.map(rule => [rule.id, rule.rank] as const), ...made])
  const placed = right.flatMap(({ row, position }) => (position === undefined ? [] : [{ id: row.rule_id!, position }]))
  if (placed.length === 0) return ranks
  const is_placed = new Set(placed.map(one => one.id))
  const order = [...ranks.keys()].filter(id => !is_placed.has(id))
  for (const { id, position } of placed.sort((a, b) => a.position - b.position)) order.splice(position - 1, 0, id)
  const rows = await sql<{ id: number; rank: number }[]>`
    update routing_rules r
       set rank = n.last + n.place
      from (select o.id, o.place, (select ceil(max(rank)) from routing_rules where workspace_id = ${workspace_id}) as last
              from unnest(${order}::int[]) with ordinality as o(id, place)) n
     where r.workspace_id = ${workspace_id} and r.id = n.id
    returning r.id, r.rank`
  await sql`
    update routing_rule_keys k
       set rank = r.rank
      from routing_rules r
     where r.workspace_id = ${workspace_id} and k.workspace_id = ${workspace_id} and k.rule_id = r.id`
  return new Map(rows.map(row => [row.id, row.rank]))
}
