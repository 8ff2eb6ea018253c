import type postgres from 'postgres'

type Place = {
  /** 1 is asked first; without it, at the end. */
  position?: number | undefined
  /** How many new ones, one after the other. */
  count?: number
  /** A rule that moves away from where it is. */
  without?: number
}

/**
 * Places among the rules, so that the first of them is the `position`-th. Nobody else moves, but after some fifty times between the same two
 * there is no number left, and all are numbered anew. The caller holds the lock of routing.
 */
export async function ranksAt(sql: postgres.TransactionSql, workspace_id: number, place: Place): Promise<number[]> {
  const ranks = await ranksBetween(sql, workspace_id, place)
  if (ranks !== undefined) return ranks
  await numberAnew(sql, workspace_id)
  return (await ranksBetween(sql, workspace_id, place))!
}

async function ranksBetween(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { position = 2_000_000_000, count = 1, without = 0 }: Place,
): Promise<number[] | undefined> {
  const [gap] = await sql<{ before: number; after: number | null }[]>`
    with others as (
      select rank
        from routing_rules
       where workspace_id = ${workspace_id} and id <> ${without}
    )
    select coalesce((select max(rank) from (select rank from others order by rank limit ${position - 1}) earlier), 0) as before,
           (select rank from others order by rank offset ${position - 1} limit 1) as after`
  const { before, after } = gap!
  const numbers = Array.from({ length: count }, (_, k) => k + 1)
  if (after === null) return numbers.map(n => Math.ceil(before) + n)
  const ranks = numbers.map(n => before + ((after - before) * n) / (count + 1))
  const rising = [before, ...ranks, after]
  return rising.every((rank, k) => k === 0 || rank > rising[k - 1]!) ? ranks : undefined
}

/** Behind the last one, so that no two ever have the same. */
async function numberAnew(sql: postgres.TransactionSql, workspace_id: number) {
  await sql`
    update routing_rules r
       set rank = n.rank
      from (select id, ceil(max(rank) over ()) + row_number() over (order by rank) as rank
              from routing_rules
             where workspace_id = ${workspace_id}) n
     where r.workspace_id = ${workspace_id} and r.id = n.id`
  await sql`
    update routing_rule_keys k
       set rank = r.rank
      from routing_rules r
     where r.workspace_id = ${workspace_id} and k.workspace_id = ${workspace_id} and k.rule_id = r.id`
}
