import type postgres from 'postgres'
import type { Told } from '../../activities/told.ts'
import { enqueueAll } from '../../queue/enqueue.ts'
import { type Shared, sharedOf } from './shared.ts'

export const HAND_ON_QUEUE = 'hand_on'

/** What was changed on this side, as it was said then: not what is so now, which may come from the other side. */
export type HandOn = { appointment_id: number; changes: Shared }

/**
 * Notices what happened to appointments that are handed on, or are copies of such: the other side follows (work.ts). A reader, so that
 * whoever books, routes or changes an appointment needs to know of one workspace alone. What followed from the other side is no news.
 */
export async function noticeHandOns(sql: postgres.TransactionSql, { activities }: Told): Promise<void> {
  const told = activities
    .filter(({ action, actor }) => action.startsWith('appointment.') && actor.kind !== 'workspace')
    .map(({ workspace_id, subject_id, action, after }) => ({
      workspace_id,
      id: Number(subject_id),
      // A copy that is not there yet is made of the whole.
      changes: action === 'appointment.created' ? {} : sharedOf(after),
    }))
  if (told.length === 0) return
  const rows = await sql<{ workspace_id: number; id: number; changes: Shared }[]>`
    select a.workspace_id, a.id, n.changes
      from jsonb_array_elements(${JSON.stringify(told)}::text::jsonb) with ordinality as e(told, k)
     cross join lateral jsonb_to_record(e.told) as n(workspace_id int, id bigint, changes jsonb)
      join appointments a on a.workspace_id = n.workspace_id and a.id = n.id
     where (a.copy_workspace_id is not null and a.copy_id is null)
        or (n.changes <> '{}' and (a.copy_workspace_id is not null or a.origin_workspace_id is not null))
     order by e.k`
  await enqueueAll(
    sql,
    rows.map(({ workspace_id, id, changes }) => ({
      workspace_id,
      queue: HAND_ON_QUEUE,
      key: `appointment ${id}`,
      payload: { appointment_id: id, changes } satisfies HandOn,
    })),
  )
}
