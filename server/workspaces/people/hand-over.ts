import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import type { Transfer } from '../../../shared/transfers.ts'
import type { HandedOver, Leavings } from '../../../shared/users.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'

/** What becomes of records that are somebody's. Passed in by server/app.ts: this room stands below those that have records. */
export type Keeper = {
  count(sql: Sql, workspace_id: number, user_id: number): Promise<HandedOver>
  /** Begins it: there may be very many. */
  handOver(
    sql: postgres.TransactionSql,
    workspace_id: number,
    whose: { from: number; to: number | null },
    actor: Actor,
  ): Promise<Transfer>
}

/** What somebody would leave behind, or left: records, and keys that go on working. Throws `not_found` for who has nothing to do with it. */
export async function readLeavings(sql: Sql, workspace_id: number, user_id: number, keeper: Keeper): Promise<Leavings> {
  const keys = await sql<Leavings['keys']>`
    select id, name, prefix, last_used_at
      from keys
     where workspace_id = ${workspace_id} and created_by = ${user_id} and revoked_at is null
     order by id desc
     limit 100`
  const records = await keeper.count(sql, workspace_id, user_id)
  const has = keys.length > 0 || Object.values(records).some(count => count > 0)
  if (!has && !(await isMember(sql, workspace_id, user_id))) throw refuse('not_found')
  return { keys: [...keys], records }
}

async function isMember(sql: Sql, workspace_id: number, user_id: number) {
  const [member] = await sql`select from memberships where workspace_id = ${workspace_id} and user_id = ${user_id}`
  return member !== undefined
}
