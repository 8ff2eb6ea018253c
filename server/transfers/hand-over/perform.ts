import type { HandedOver } from '../../../shared/users.ts'
import { recordActivities } from '../../activities/record.ts'
import { inWorkspace } from '../../database/transaction.ts'
import type { Whose } from '../../workspaces/people/leaver.ts'
import { readMember } from '../../workspaces/roles/member.ts'
import type { Step } from '../transfer.ts'
import { RECORDS } from './records.ts'

/** So many at a time: each is a transaction in which the workspace's people wait. */
const CHUNK = 500

/** One kind of record after the other, each part from where the one before ended. */
export const performHandOver: Step = async (run, { database, sql, signal, keep }) => {
  const { workspace_id, actor } = run
  const { from, to } = run.settings as Whose
  if (to !== null && !(await readMember(sql, workspace_id, to)))
    return { state: 'failed', error: 'Whom it was for does not work here any more.' }
  const handed: HandedOver = { contacts: 0, visitors: 0, leads: 0, tasks: 0, appointments: 0, ...run.counts }
  let [at, after] = (run.cursor ?? '0:0').split(':').map(Number) as [number, number]
  let { done } = run
  while (at < RECORDS.length && !signal.aborted) {
    const [noun, handOver] = RECORDS[at]!
    await inWorkspace(database, workspace_id, async sql => {
      const ids = await handOver(sql, workspace_id, { from, to, after, most: CHUNK }, actor)
      ;[at, after] = ids.length > 0 ? [at, ids.at(-1)!] : [at + 1, 0]
      handed[noun] += ids.length
      done += ids.length
      if (at === RECORDS.length)
        await recordActivities(sql, workspace_id, [
          { action: 'member.handed_over', actor, subject_id: from, after: { to, ...handed } },
        ])
      await keep(sql, { done, counts: handed, cursor: `${at}:${after}` })
    })
  }
  return { state: 'done' }
}
