import type postgres from 'postgres'
import type { Told } from '../../activities/told.ts'
import { enqueueAll } from '../../queue/enqueue.ts'

export const HAND_ON_QUEUE = 'hand_on'

/** `from` is the side on which something happened. */
export type HandOn = { appointment_id: number }

/**
 * Notices what happened to appointments that are handed on, or are copies of such: the other side follows (work.ts). A reader, so that
 * whoever books, routes or changes an appointment needs to know of one workspace alone. What followed from the other side is no news.
 */
export async function noticeHandOns(sql: postgres.TransactionSql, { activities }: Told): Promise<void> {
  const told = activities.filter(({ action, actor }) => action.startsWith('appointment.') && actor.kind !== 'workspace')
  if (told.length === 0) return
  const asked = told.map(({ workspace_id, subject_id }) => ({ workspace_id, id: Number(subject_id) }))
  const rows = await sql<{ workspace_id: number; id: number }[]>`
    select distinct a.workspace_id, a.id
      from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) as n(workspace_id int, id bigint)
      join appointments a on a.workspace_id = n.workspace_id and a.id = n.id
     where a.copy_workspace_id is not null or a.origin_workspace_id is not null`
  await enqueueAll(
    sql,
    rows.map(({ workspace_id, id }) => ({
      workspace_id,
      queue: HAND_ON_QUEUE,
      key: `appointment ${id}`,
      payload: { appointment_id: id } satisfies HandOn,
    })),
  )
}
