import { insist } from '../insist.ts'
import { type CrmError, failed } from '../result.ts'
import type { Run, RunMeans } from '../runs/run.ts'
import { countStaged, stageMembers } from './stage.ts'

/** `incomplete`: it came to an end, and not everybody can have been on its pages. */
type SustainerRead = { kind: 'complete' } | { kind: 'incomplete' | 'failed'; error: CrmError }

/** So many pages in a row on which nobody is new are no list of people any more. */
const IDLE_PAGES = 100

/** Reads all pages into the staging table. Members that are on two pages are staged once. */
export async function readAll(run: Run, means: RunMeans): Promise<SustainerRead> {
  const { sql, connection, keep, signal, pauses } = means
  const seen = new Set<string>()
  let done = 0
  let total = 0
  let idle = 0
  for (let cursor: string | null = null; ; ) {
    const answer = await insist(() => connection.manager.readSustainers(cursor), { signal, pauses })
    if (signal.aborted) return incomplete('It was stopped.')
    if (!answer.ok) return { kind: 'failed', error: answer.error }
    const { members, next } = answer.value
    total = Math.max(total, answer.value.total ?? 0)
    await sql.begin(async tx => {
      const added = await stageMembers(tx, run, members)
      done += added
      idle = added > 0 ? 0 : idle + 1
      await keep(tx, { done, total: total || null })
    })
    if (next === null) return judge(await countStaged(sql, run), total)
    if (seen.has(next)) return incomplete(`After ${seen.size + 1} pages it sent us back to one that was read before.`)
    if (idle === IDLE_PAGES) return incomplete(`On ${IDLE_PAGES} pages, one after the other, there was nobody new.`)
    seen.add(next)
    cursor = next
  }
}

/** `total`: as many as any page said that there are; nothing where the CRM does not say it. */
function judge(staged: number, total: number): SustainerRead {
  if (staged >= total) return { kind: 'complete' }
  return incomplete(`It said that there are ${total} and gave ${staged}.`)
}

function incomplete(message: string): SustainerRead {
  return { kind: 'incomplete', error: failed('unexpected', message).error }
}
