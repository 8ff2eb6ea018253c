import { relay } from '../activities/relay.ts'
import type { Database } from '../database/connect.ts'
import { countSegment } from './count.ts'
import { lookAtSome } from './look.ts'
import { noticeSegments } from './notice.ts'

/** What the server does without being asked, at once: counts what is new, tells, and looks at whom something happened to. */
export async function catchUp({ system }: Database, workspace_id: number) {
  const { signal } = new AbortController()
  const counted = await system<{ id: number }[]>`
    select id from segments where workspace_id = ${workspace_id} and counted_to is not null`
  for (const { id } of counted) await countSegment(system, workspace_id, id, { signal })
  while (await relay(system, { segments: noticeSegments }));
  while ((await lookAtSome(system, workspace_id)) > 0);
}
