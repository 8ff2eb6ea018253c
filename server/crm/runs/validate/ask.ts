import { setTimeout as sleep } from 'node:timers/promises'
import type { CrmAppUser, CrmConnectionManager } from '../../manager.ts'
import { type CrmError, type CrmResult, failed, isPassing } from '../../result.ts'
import { failureOf } from '../../retry.ts'
import type { Member } from './members.ts'
import { answeredBy } from './states.ts'
import type { Walk } from './walk.ts'

export type Answer = { member: Member; result: CrmResult<CrmAppUser>; at: Date }

/** So many in a row that nothing is wrong with: then it is the CRM, or our way in, and not the members. */
const MOST_IN_A_ROW = 20
/** For a limit that lasts longer nobody waits here: the run ends, and says why. */
const MOST_WAIT_MS = 600_000

/**
 * Asks a CRM for members, as many at once as it allows. Those whose answer may be better later are left out, unless it is the last pass.
 * Throws where going on would only mark everybody: we are not let in, or nothing is answered any more.
 */
export async function askAll(walk: Walk, members: Member[], is_last: boolean): Promise<Answer[]> {
  const { signal, watch } = walk.means
  const { manager, provider } = walk.connection
  const waiting = [...members]
  const answers: Answer[] = []
  const lane = async () => {
    for (let member = waiting.shift(); member && !signal.aborted; member = waiting.shift()) {
      await pause(walk.not_before - Date.now(), signal)
      if (signal.aborted) return
      watch?.(member.contact_id, 'RequestedContact')
      const result = await askFor(member, manager)
      await judge(walk, result)
      if (!result.ok && isPassing(result.error) && !is_last) continue
      answers.push({ member, result, at: new Date() })
      watch?.(member.contact_id, answeredBy(result))
    }
  }
  const ends = await Promise.allSettled(
    Array.from({ length: provider.concurrency }, () =>
      lane().catch(error => {
        waiting.length = 0
        throw error
      }),
    ),
  )
  const broken = ends.find(end => end.status === 'rejected')
  if (broken) throw broken.reason
  return answers.sort((a, b) => a.member.contact_id - b.member.contact_id)
}

/** By the id that it is said to have there, else by the old id, else by e-mail. */
async function askFor({ external_id, old_id, email }: Member, manager: CrmConnectionManager): Promise<CrmResult<CrmAppUser>> {
  if (external_id !== null) return manager.getById(external_id)
  if (manager.keepsOldIds()) return manager.findByOldId(old_id)
  if (email !== null) return manager.findByEmail(email)
  return failed('validation', 'The CRM keeps no old ids, and this contact has no e-mail to ask for them by.')
}

async function judge(walk: Walk, result: CrmResult<CrmAppUser>) {
  if (result.ok || !isOfEverybody(result.error)) {
    walk.in_a_row = 0
    return
  }
  const { error } = result
  if (error.kind === 'auth') await requireWayIn(walk)
  if (++walk.in_a_row >= MOST_IN_A_ROW)
    throw new Error(`The last ${MOST_IN_A_ROW} requests all failed. Resume the run when this is over: ${error.message}`)
  if (error.kind === 'rate_limited') waitForLimit(walk, error)
}

function isOfEverybody(error: CrmError) {
  return error.kind === 'auth' || isPassing(error)
}

/** One record may be closed to us. That nothing is open to us is something else. */
async function requireWayIn({ connection }: Walk) {
  const way_in = await connection.manager.getConnection()
  if (!way_in.ok && way_in.error.kind === 'auth')
    throw new Error(`${connection.name} does not let us in. Mend the connection, then resume the run: ${way_in.error.message}`)
}

function waitForLimit(walk: Walk, error: CrmError) {
  const wait_ms = walk.means.pauses ? (walk.means.pauses[0] ?? 0) : failureOf(error, 0).again_in! * 1000
  if (wait_ms > MOST_WAIT_MS)
    throw new Error(
      `The limit of ${walk.connection.name} is reached. Resume the run in ${Math.ceil(wait_ms / 60_000)} minutes: ${error.message}`,
    )
  walk.not_before = Math.max(walk.not_before, Date.now() + wait_ms)
}

export async function pause(ms: number, signal: AbortSignal) {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {})
}
