import type { Sql } from '../../database/connect.ts'

/**
 * One booking of a person at a time, over all workspaces of this server: what `whoIsFree` says afterwards holds until the commit, also
 * about other workspaces, which the exclusion constraint of appointments cannot look into. So that nobody waits in a circle, a
 * transaction takes it once, for all people that it may book, and after the locks of its workspace (identity, routing).
 */
export async function lockPerson(sql: Sql, user_ids: number[]): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(${PERSON_LOCK}, id)
      from (select distinct id from unnest(${user_ids}::int[]) as id order by id) as people`
}

const PERSON_LOCK = 7_409
