import { setTimeout as sleep } from 'node:timers/promises'

export type Loop = { stop(): Promise<void> }

type Log = { warn(details: object, sentence: string): void }

/**
 * Does something again and again until it is stopped: at once while it finds work (true), else after `idle_ms`. What it throws is logged
 * and tried again. `stop` waits for what runs; `signal` tells it that somebody waits.
 */
export function keepDoing(
  what: string,
  step: (signal: AbortSignal) => Promise<boolean>,
  { idle_ms, log }: { idle_ms: number; log: Log },
): Loop {
  const stopping = new AbortController()
  const { signal } = stopping
  const loop = run()
  return {
    stop: async () => {
      stopping.abort()
      await loop
    },
  }

  async function run() {
    while (!signal.aborted) {
      const found = await step(signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ error: String(error) }, `${what} failed; it is tried again.`)
        return false
      })
      if (!found) await sleep(idle_ms, undefined, { signal }).catch(() => {})
    }
  }
}
