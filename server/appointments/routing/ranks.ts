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
 * Places among the rules, so that the first of them is the `position`-th. Between two there is always room: a rank has as many digits as it
 * needs, so nobody else moves. Only when it has become unwieldy, all are numbered anew. The caller holds the lock of routing.
 */
export async function ranksAt(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { position = 2_000_000_000, count = 1, without = 0 }: Place,
): Promise<string[]> {
  // A power of a half: exact in decimals.
  const share = 0.5 ** Math.ceil(Math.log2(count + 1))
  const rows = await sql<{ rank: string }[]>`
    with others as (
      select rank
        from routing_rules
       where workspace_id = ${workspace_id} and id <> ${without}
    ), gap as (
      select coalesce((select max(rank) from (select rank from others order by rank limit ${position - 1}) earlier), 0) as before,
             (select rank from others order by rank offset ${position - 1} limit 1) as after
    )
    select (case when after is null then ceil(before) + n else before + (after - before) * n * ${share}::text::numeric end)::text as rank
      from gap
     cross join generate_series(1, ${count}::int) as n
     order by n`
  const ranks = rows.map(row => row.rank)
  if (ranks.every(rank => rank.length <= LONGEST)) return ranks
  await numberAnew(sql, workspace_id)
  return ranksAt(sql, workspace_id, { position, count, without })
}

const LONGEST = 100

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
