import { setTimeout as sleep } from 'node:timers/promises'
import { type CrmResult, isPassing } from './result.ts'

/** Milliseconds before the second, the third ... time that the same is asked. */
const PAUSES = [1000, 5000, 20_000, 60_000, 300_000]

type Patience = { signal: AbortSignal; pauses?: readonly number[] | undefined }

/** Asks again what may pass by itself, not before the CRM wants to be asked. The last answer when it did not pass, or when it was aborted. */
export async function insist<T>(ask: () => Promise<CrmResult<T>>, { signal, pauses = PAUSES }: Patience): Promise<CrmResult<T>> {
  for (let turn = 0; ; turn++) {
    const answer = await ask()
    const pause = pauses[turn]
    if (answer.ok || !isPassing(answer.error) || pause === undefined || signal.aborted) return answer
    await sleep(Math.max(pause, answer.error.retry_after_ms ?? 0), undefined, { signal }).catch(() => {})
    if (signal.aborted) return answer
  }
}
