import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Held } from './hold.ts'

/** Whose a contact shall be. */
export type Wish = Held & { to: number | null }

/** Gives contacts that the caller holds (hold.ts) to whom they shall be. Returns those that were somebody else's. */
export async function giveContacts(
  sql: postgres.TransactionSql,
  workspace_id: number,
  wishes: Wish[],
  actor: Actor,
): Promise<Wish[]> {
  const changed = wishes.filter(({ owner_id, to }) => owner_id !== to)
  if (changed.length === 0) return []
  await sql`
    update contacts c
       set owner_id = w.to_id,
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', c.updated_at) + interval '1 ms')
      from unnest(${changed.map(({ id }) => id)}::int[], ${changed.map(({ to }) => to)}::int[]) as w(id, to_id)
     where c.workspace_id = ${workspace_id} and c.id = w.id`
  await recordActivities(
    sql,
    workspace_id,
    changed.map(({ id, owner_id, to }) => ({
      action: 'contact.updated',
      actor,
      contact_id: id,
      before: { owner_id },
      after: { owner_id: to },
    })),
  )
  return changed
}
