import { readFile } from 'node:fs/promises'
import { note, report } from './support/report.ts'
import { startServer } from './support/server.ts'

// The second start of the built server, to ready; and what it keeps in memory when nothing happens.
const server = await startServer()
note(`first start ${server.seconds.toFixed(2)} s`)
const first = server.seconds
const starts = [await server.restart(), await server.restart(), await server.restart()].sort((a, b) => a - b)
await new Promise(resolve => setTimeout(resolve, 5000))
const memory = Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024
await server.stop()

report({
  name: 'start',
  value: starts[1]!,
  unit: 's',
  reference: { what: 'first start, database made', value: first },
  ratio: starts[1]! / first,
  aim: 'second start within 3 s, idle below 256 MB',
  met: starts[1]! <= 3 && memory <= 256,
  idle_memory_mb: memory,
})
