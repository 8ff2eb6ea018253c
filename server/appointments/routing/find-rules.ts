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
  const lists = await readLists(sql, workspace_id, inputs)
  const found: (Rule | undefined)[] = inputs.map(() => undefined)
  let open = inputs.map((one, k) => ({ k, probes: probesOf(one, lists[k]!), after: null as number | null }))
  for (let page = 16; open.length > 0; page = 256) {
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
      from jsonb_to_recordset(${JSON.stringify(areas)}::text::jsonb) as a(k int, kind text, value text)
      join area_list_entries e on e.workspace_id = ${workspace_id} and e.kind = a.kind and e.value = a.value`
  for (const { k, list_id } of rows) lists[k]!.add(list_id)
  return lists
}

type Asking = { k: number; probes: { dimension: string; value: string }[]; after: number | null }
type Candidate = Rule & { k: number; rank: number }

/** The next rules that may be for each, in order. A rule that stands at two values of one appointment is there once. */
async function readCandidates(sql: postgres.TransactionSql, workspace_id: number, asking: Asking[], page: number) {
  const rows = await sql<Candidate[]>`
    select a.k, c.rank, r.id, r.version, r.matches, r.target, r.fallback, r.needs_free
      from jsonb_to_recordset(${JSON.stringify(asking)}::text::jsonb) as a(k int, probes jsonb, after float8)
     cross join lateral (
             select distinct f.rank, f.rule_id
               from jsonb_to_recordset(a.probes) as p(dimension text, value text)
              cross join lateral (
                      select y.rank, y.rule_id
                        from routing_rule_keys y
                       where y.workspace_id = ${workspace_id} and y.dimension = p.dimension and y.value = p.value
                         and y.rank > coalesce(a.after, 0)
                       order by y.rank, y.rule_id
                       limit ${page}) f
              order by f.rank, f.rule_id
              limit ${page}) c
      join routing_rules r on r.workspace_id = ${workspace_id} and r.id = c.rule_id
     order by a.k, c.rank, r.id`
  const candidates = new Map<number, Candidate[]>()
  for (const row of rows) candidates.set(row.k, [...(candidates.get(row.k) ?? []), row])
  return candidates
}
