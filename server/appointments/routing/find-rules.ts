import type postgres from 'postgres'
import type { RoutingSettings } from '../../../shared/routing.ts'
import type { Inputs } from './inputs.ts'
import { areasOf, probesOf } from './keys.ts'
import { matches } from './matches.ts'

/** A rule as it decides. */
export type Rule = Pick<RoutingSettings, 'matches' | 'target' | 'fallback' | 'needs_free'> & { id: number; version: number }

/**
 * The first rule for each appointment, in their order, or undefined. Reads only rules that stand at a value of the appointment
 * (routing_rule_keys), in the order of the rules, a page at a time until one matches: of ten thousand rules a handful.
 */
export async function findRules(
  sql: postgres.TransactionSql,
  workspace_id: number,
  inputs: Inputs[],
): Promise<(Rule | undefined)[]> {
  const [lists, dimensions] = await Promise.all([readLists(sql, workspace_id, inputs), readDimensions(sql, workspace_id)])
  const found: (Rule | undefined)[] = inputs.map(() => undefined)
  let open = inputs.map((one, k) => ({ k, probes: probesOf(one, lists[k]!, dimensions), after: 0 }))
  for (let page = 32; open.length > 0; page = 256) {
    const candidates = await readCandidates(sql, workspace_id, open, page)
    open = open.flatMap(asking => {
      const mine = candidates.get(asking.k) ?? []
      found[asking.k] = mine.find(rule => matches(rule.matches, inputs[asking.k]!, lists[asking.k]!))
      return found[asking.k] === undefined && mine.length === page ? [{ ...asking, after: mine.at(-1)!.rank }] : []
    })
  }
  return found
}

/** Of each appointment, the uploaded lists that have its area. */
export async function readLists(sql: postgres.TransactionSql, workspace_id: number, inputs: Inputs[]): Promise<Set<number>[]> {
  const areas = inputs.flatMap((one, k) => areasOf(one).map(area => ({ k, ...area })))
  const lists = inputs.map(() => new Set<number>())
  if (areas.length === 0) return lists
  const rows = await sql<{ k: number; list_id: number }[]>`
    select a.k, e.list_id
      from unnest(${areas.map(area => area.k)}::int[], ${areas.map(area => area.kind)}::text[], ${areas.map(area => area.value)}::text[])
        as a(k, kind, value)
      join area_list_entries e on e.workspace_id = ${workspace_id} and e.kind = a.kind and e.value = a.value`
  for (const { k, list_id } of rows) lists[k]!.add(list_id)
  return lists
}

/** In which dimensions any rule stands: a step along the index for each, of all the keys that there are. */
async function readDimensions(sql: postgres.TransactionSql, workspace_id: number): Promise<Set<string>> {
  const rows = await sql<{ dimension: string }[]>`
    with recursive found as (
      (select dimension from routing_rule_keys where workspace_id = ${workspace_id} order by dimension limit 1)
      union all
      select (select dimension
                from routing_rule_keys
               where workspace_id = ${workspace_id} and dimension > f.dimension
               order by dimension
               limit 1)
        from found f
       where f.dimension is not null
    )
    select dimension from found where dimension is not null`
  return new Set(rows.map(row => row.dimension))
}

type Asking = { k: number; probes: { dimension: string; value: string }[]; after: number }
type Candidate = Rule & { k: number; rank: number }

/**
 * The next rules that may be for each, in order. A rule that stands at two values of one appointment is there once. Arrays and not JSON,
 * because the planner knows how long they are: of JSON it expects a hundred times as much.
 */
async function readCandidates(sql: postgres.TransactionSql, workspace_id: number, asking: Asking[], page: number) {
  const probes = asking.flatMap(({ k, probes, after }) => probes.map(probe => ({ k, after, ...probe })))
  const rows = await sql<Candidate[]>`
    select f.k, f.rank, r.id, r.version, r.matches, r.target, r.fallback, r.needs_free
      from (select d.k, d.rank, d.rule_id, row_number() over (partition by d.k order by d.rank) as place
              from (select distinct p.k, y.rank, y.rule_id
                      from unnest(${probes.map(probe => probe.k)}::int[], ${probes.map(probe => probe.dimension)}::text[],
                                  ${probes.map(probe => probe.value)}::text[], ${probes.map(probe => probe.after)}::float8[])
                        as p(k, dimension, value, after)
                     cross join lateral (
                             select rank, rule_id
                               from routing_rule_keys
                              where workspace_id = ${workspace_id} and dimension = p.dimension and value = p.value and rank > p.after
                              order by rank, rule_id
                              limit ${page}) y) d) f
      join routing_rules r on r.workspace_id = ${workspace_id} and r.id = f.rule_id
     where f.place <= ${page}
     order by f.k, f.rank`
  const candidates = new Map<number, Candidate[]>()
  for (const row of rows) {
    const known = candidates.get(row.k)
    if (known) known.push(row)
    else candidates.set(row.k, [row])
  }
  return candidates
}
