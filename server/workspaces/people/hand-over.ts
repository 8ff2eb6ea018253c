import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import type { HandedOver, Leavings } from '../../../shared/users.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'

type Counts = Partial<HandedOver>

/** What a room does about records that are somebody's. Passed in by server/app.ts: this room stands below those that have records. */
export type Keeper = {
  count(sql: Sql, workspace_id: number, user_id: number): Promise<Counts>
  handOver(
    sql: postgres.TransactionSql,
    workspace_id: number,
    whose: { from: number; to: number | null },
    actor: Actor,
  ): Promise<Counts>
}

/** What somebody would leave behind, or left: records, and keys that go on working. Throws `not_found` for who has nothing to do with it. */
export async function readLeavings(sql: Sql, workspace_id: number, user_id: number, keepers: Keeper[]): Promise<Leavings> {
  const keys = await sql<Leavings['keys']>`
    select id, name, prefix, last_used_at
      from keys
     where workspace_id = ${workspace_id} and created_by = ${user_id} and revoked_at is null
     order by id desc
     limit 100`
  const counts = await Promise.all(keepers.map(({ count }) => count(sql, workspace_id, user_id)))
  const records: HandedOver = Object.assign(none(), ...counts)
  const has = keys.length > 0 || Object.values(records).some(count => count > 0)
  if (!has && !(await isMember(sql, workspace_id, user_id))) throw refuse('not_found')
  return { keys: [...keys], records }
}

/** Everything open that is somebody's becomes another member's or nobody's (`to` null), in this transaction. Throws `invalid_fields`. */
export async function handOver(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { from, to }: { from: number; to: number | null },
  actor: Actor,
  keepers: Keeper[],
): Promise<HandedOver> {
  if (to === from) throw refuse('invalid_fields', { fields: { to: 'must be somebody else' } })
  const [member] =
    to === null ? [true] : await sql`select from memberships where workspace_id = ${workspace_id} and user_id = ${to}`
  if (!member) throw refuse('invalid_fields', { fields: { to: 'must be a member of this workspace' } })
  const done = none()
  for (const keeper of keepers) Object.assign(done, await keeper.handOver(sql, workspace_id, { from, to }, actor))
  await recordActivities(sql, workspace_id, [{ action: 'member.handed_over', actor, subject_id: from, after: { to, ...done } }])
  return done
}

async function isMember(sql: Sql, workspace_id: number, user_id: number) {
  const [member] = await sql`select from memberships where workspace_id = ${workspace_id} and user_id = ${user_id}`
  return member !== undefined
}

function none(): HandedOver {
  return { contacts: 0, visitors: 0, leads: 0, tasks: 0, appointments: 0 }
}
