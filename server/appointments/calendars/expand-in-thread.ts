import { Worker } from 'node:worker_threads'
import type { Expanded, Reading } from './expand.ts'

/** Five megabytes of single events take two seconds. */
const LIMIT_MS = 15_000
const MEMORY_MB = 256

/**
 * Expands a calendar beside everything else: a rule that never ends, or one that eats memory, takes down its thread and nothing more.
 * `limit_ms` counts from the moment that the thread runs.
 */
export function expandInThread(
  bytes: Uint8Array,
  reading: Reading,
  { limit_ms = LIMIT_MS, signal }: { limit_ms?: number; signal?: AbortSignal } = {},
): Promise<Expanded> {
  // Before it is built it is TypeScript, for which a thread of Node has to be prepared.
  const is_source = import.meta.url.endsWith('.ts')
  const worker = new Worker(new URL(is_source ? './expand-worker.ts' : './expand-worker.js', import.meta.url), {
    workerData: { bytes, reading },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    ...(is_source ? { execArgv: ['--import', 'tsx'] } : { execArgv: [] }),
  })
  return new Promise(resolve => {
    let timer: NodeJS.Timeout | undefined
    const end = (result: Expanded) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      void worker.terminate()
      resolve(result)
    }
    const stop = () => end({ ok: false, reason: 'It was stopped.' })
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    worker.once('online', () => {
      timer = setTimeout(end, limit_ms, { ok: false, reason: TOO_LONG })
    })
    worker.once('message', end)
    worker.once('error', (error: NodeJS.ErrnoException) =>
      end({
        ok: false,
        reason: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? TOO_LARGE : `It could not be read (${error.message}).`,
      }),
    )
    worker.once('exit', () => end({ ok: false, reason: TOO_LONG }))
  })
}

const TOO_LONG = 'The calendar takes too long to read. Does it have a series without an end that repeats every second?'
const TOO_LARGE = 'The calendar is too large to be read.'
