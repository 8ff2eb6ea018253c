import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import type { Transfer } from '../../../shared/transfers.ts'
import { refuse } from '../../errors.ts'
import type { Whose } from '../../workspaces/people/leaver.ts'
import { findTransfer } from '../list.ts'
import { startTransfer } from '../start.ts'
import { countRecords, handOverPlaces } from './records.ts'

/** Everything open that is somebody's begins to become another member's or nobody's (`to` null). As the system's role. Throws `invalid_fields`. */
export async function startHandOver(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { from, to }: Whose,
  actor: Actor,
): Promise<Transfer> {
  if (to === from) throw refuse('invalid_fields', { fields: { to: 'must be somebody else' } })
  const [member] =
    to === null ? [true] : await sql`select from memberships where workspace_id = ${workspace_id} and user_id = ${to}`
  if (!member) throw refuse('invalid_fields', { fields: { to: 'must be a member of this workspace' } })
  await handOverPlaces(sql, workspace_id, { from, to })
  const records = await countRecords(sql, workspace_id, from)
  const [user] = await sql<{ name: string }[]>`select name from users where id = ${from}`
  const wish = {
    kind: 'hand_over',
    name: `Hand over what is ${user?.name ?? 'nobody'}’s`,
    step: 'write',
    settings: { from, to },
    total: Object.values(records).reduce((sum, count) => sum + count, 0),
    said: { from, to },
  } as const
  return findTransfer(sql, workspace_id, await startTransfer(sql, workspace_id, wish, actor))
}
