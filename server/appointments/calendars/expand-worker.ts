import { parentPort, workerData } from 'node:worker_threads'
import { expandCalendar, type Reading } from './expand.ts'

// The whole of a thread (expand-in-thread.ts): says that it begins, and then what it found.
const { bytes, reading } = workerData as { bytes: Uint8Array; reading: Reading }
parentPort!.postMessage('begins')
parentPort!.postMessage(expandCalendar(new TextDecoder().decode(bytes), reading))
