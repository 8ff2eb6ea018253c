import type { Sql } from './connect.ts'

/** Tables whose rows have an order that people give them: a `position` from 1 on, in each workspace. */
type Ordered = 'assignment_rules' | 'forwarding_rules'

/**
 * Numbers the rows of a workspace from 1 on, in the order that they have. With a place for one of them, that one stands there and the
 * others make room. The caller sees to it that nobody else does the same meanwhile.
 */
export async function putInOrder(
  sql: Sql,
  table: Ordered,
  workspace_id: number,
  moved?: { id: number; position: number | undefined },
) {
  const wanted = moved?.position ?? null
  const id = moved?.id ?? 0
  await sql`
    update ${sql(table)} r
       set position = n.position
      from (select id, row_number() over (order by case when id = ${id} then coalesce(${wanted}::int - 0.5, rank) else rank end) as position
              from (select id, row_number() over (order by (id = ${id} and ${wanted}::int is not null), position, id) as rank
                      from ${sql(table)}
                     where workspace_id = ${workspace_id}) ranked) n
     where r.workspace_id = ${workspace_id} and r.id = n.id and r.position <> n.position`
}
