import { setTimeout as sleep } from 'node:timers/promises'
import type { CrmAppUser, CrmConnectionManager } from '../../manager.ts'
import { type CrmError, type CrmResult, failed, isPassing, mayBeOfAll } from '../../result.ts'
import { failureOf } from '../../retry.ts'
import type { Member } from './members.ts'
import { answeredBy } from './states.ts'
import type { Walk } from './walk.ts'

export type Answer = { member: Member; result: CrmResult<CrmAppUser>; at: Date }

/** So many in a row fail for no fault of their own before it is asked whether the CRM itself is at fault, or our way in. */
const MOST_IN_A_ROW = 20
/** For a limit that lasts longer nobody waits here: the run ends, and says why. */
const MOST_WAIT_MS = 600_000

/**
 * Asks a CRM for members, as many at once as it allows. Those whose answer may be better later are left out, unless it is the last pass.
 * Throws `Hopeless` where we are not let in, or nobody is answered any more.
 */
export async function askAll(walk: Walk, members: Member[], is_last: boolean): Promise<Answer[]> {
  const { signal, watch } = walk.means
  const { manager, provider } = walk.means.connection
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
  if (result.ok || !mayBeOfAll(result.error)) {
    walk.in_a_row = 0
    return
  }
  const { error } = result
  if (error.kind === 'auth') await requireWayIn(walk, error)
  if (++walk.in_a_row >= MOST_IN_A_ROW) await requireLife(walk, error)
  if (error.kind === 'rate_limited') waitForLimit(walk, error)
}

/** One record may be closed to us. That all of them are is something else. */
async function requireWayIn({ means, in_a_row }: Walk, error: CrmError) {
  const { connection } = means
  const way_in = await connection.manager.getConnection()
  const reason = way_in.ok ? error : way_in.error
  if (reason.kind === 'auth' && (!way_in.ok || in_a_row + 1 >= MOST_IN_A_ROW))
    throw new Hopeless(`${connection.name} does not let us in. Mend the connection, then resume the run`, reason)
}

/** There may be many records over which a CRM stumbles. That it answers nothing at all is something else. */
async function requireLife(walk: Walk, error: CrmError) {
  const { name, manager } = walk.means.connection
  const life = await manager.getConnection()
  if (!life.ok) throw new Hopeless(`${name} answers nobody. Resume the run when this is over`, life.error)
  if (isPassing(error)) walk.in_a_row = 0
}

function waitForLimit(walk: Walk, error: CrmError) {
  const wait_ms = walk.means.pauses ? (walk.means.pauses[0] ?? 0) : failureOf(error, 0).again_in! * 1000
  if (wait_ms > MOST_WAIT_MS) {
    const minutes = Math.ceil(wait_ms / 60_000)
    throw new Hopeless(`The limit of ${walk.means.connection.name} is reached. Resume the run in ${minutes} minutes`, error)
  }
  walk.not_before = Math.max(walk.not_before, Date.now() + wait_ms)
}

/** Going on would only mark everybody. */
export class Hopeless extends Error {
  readonly reason: CrmError
  constructor(sentence: string, reason: CrmError) {
    super(`${sentence}: ${reason.message}`)
    this.reason = reason
  }
}

export async function pause(ms: number, signal: AbortSignal) {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {})
}
