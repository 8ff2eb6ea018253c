import { Worker } from 'node:worker_threads'
import type { Expanded, Reading } from './expand.ts'

/** Five megabytes of single events take two seconds. */
const LIMIT_MS = 15_000
const MEMORY_MB = 256

/**
 * Expands a calendar beside everything else: a rule that never ends, or one that eats memory, takes down its thread and nothing more.
 * `limit_ms` counts from the moment that the thread begins to read.
 */
export function expandInThread(
  bytes: Uint8Array,
  reading: Reading,
  { limit_ms = LIMIT_MS, signal }: { limit_ms?: number; signal?: AbortSignal } = {},
): Promise<Expanded> {
  const worker = startThread({ bytes, reading })
  return new Promise(resolve => {
    let timer: NodeJS.Timeout | undefined
    const end = (result: Expanded) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      void worker.terminate()
      resolve(result)
    }
    const give = (reason: string) => end({ ok: false, reason })
    const stop = () => give('It was stopped.')
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    worker.on('message', (message: 'begins' | Expanded) => {
      if (message !== 'begins') return end(message)
      timer = setTimeout(give, limit_ms, TOO_LONG)
    })
    worker.once('error', (error: NodeJS.ErrnoException) =>
      give(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? TOO_LARGE : `It could not be read (${error.message}).`),
    )
    worker.once('exit', () => give(TOO_LONG))
  })
}

const TOO_LONG = 'The calendar takes too long to read. Does it have a series that never comes to a day?'
const TOO_LARGE = 'The calendar is too large to be read.'

function startThread(workerData: { bytes: Uint8Array; reading: Reading }) {
  const options = { workerData, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB }, execArgv: [] }
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./expand-worker.js', import.meta.url), options)
  // Before it is built it is TypeScript, which a thread does not understand by itself.
  const file = JSON.stringify(new URL('./expand-worker.ts', import.meta.url).href)
  return new Worker(`import('tsx/esm/api').then(({ tsImport }) => tsImport(${file}, ${file}))`, { ...options, eval: true })
}
