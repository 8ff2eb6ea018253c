import type { Database } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { createFunnel, listFunnels } from '../lifecycle/funnels/funnels.ts'
import { addPart } from '../lifecycle/funnels/parts.ts'
import { FUNNEL, PAGES, VIDEO } from './site.ts'

const MARTA = { kind: 'user', id: null, name: 'Marta Lind' }

/** What the events of the story say already gets a name. Its pages say themselves which they are, so they need no address. */
export async function setUpFunnel(database: Database, workspace_id: number) {
  await inWorkspace(database, workspace_id, async sql => {
    const { data } = await listFunnels(sql, workspace_id)
    if (data.some(({ funnel_id }) => funnel_id === FUNNEL)) return
    await createFunnel(sql, workspace_id, { funnel_id: FUNNEL, name: 'The sourdough season', currency: 'EUR' }, MARTA)
    for (const [kind, name, { page_id }] of [
      ['registration', 'The free lesson', PAGES.register],
      ['watch', 'Your first loaf', PAGES.watch],
      ['enrollment', 'The season', PAGES.enroll],
    ] as const) {
      await addPart(sql, workspace_id, 'page', { funnel_id: FUNNEL, kind, name, page_id }, MARTA)
    }
    const { video_id, video_title: title, duration: duration_seconds } = VIDEO
    await addPart(sql, workspace_id, 'video', { funnel_id: FUNNEL, video_id, title, duration_seconds }, MARTA)
  })
}
