import { setTimeout as sleep } from 'node:timers/promises'
import { type Identity, isAlive, pidOf } from './processes.ts'

/**
 * Looks twice a second whether PostgreSQL lives, and revives it when it does not; `revive` and `end` give the identity it has then. It keeps trying,
 * ever more slowly up to 30 s, because a full disk may be emptied and a port may be given back.
 */
export function watch(
  first: Identity,
  revive: () => Promise<Identity>,
  log: (line: string) => void,
): { end(): Promise<Identity> } {
  const ended = new AbortController()
  const watching = keepAlive()
  return {
    async end() {
      ended.abort()
      return watching
    },
  }

  async function keepAlive(): Promise<Identity> {
    let identity = first
    let failures = 0
    for (;;) {
      await pause(Math.min(500 * 2 ** failures, 30_000))
      if (ended.signal.aborted) return identity
      if (isAlive(identity)) continue
      if (failures === 0) log(`PostgreSQL (process ${pidOf(identity)}) has died; starting it again`)
      try {
        identity = await revive()
        failures = 0
        log(`PostgreSQL runs again as process ${pidOf(identity)}`)
      } catch (error) {
        failures++
        log(`PostgreSQL could not be started again: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }

  async function pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { ref: false, signal: ended.signal }).catch(() => {})
  }
}
