import type postgres from 'postgres'

/**
 * One choice at a time in each workspace: turns and caps are read, decided on and counted under it, so that two appointments at the same
 * moment never both go to whose turn it was once. Taken behind the identity lock where that is needed, before that of people
 * (slots/lock.ts); in one order, so that nobody waits in a circle.
 */
export async function lockRouting(sql: postgres.TransactionSql, workspace_ids: number[]): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(${ROUTING_LOCK}, id)
      from (select distinct id from unnest(${workspace_ids}::int[]) as id order by id) as workspaces`
}

const ROUTING_LOCK = 7_411
