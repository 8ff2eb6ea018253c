import { body, newRun } from './support/bodies.ts'
import { load } from './support/load.ts'
import { insertAgain } from './support/reference.ts'
import { note, report } from './support/report.ts'
import { startServer } from './support/server.ts'

// Batches of 100 over 32 connections, identity, visits, stages and activities on; against plain multi-row inserts of the same rows.
const BATCH = 100
const CONNECTIONS = 32
const VISITORS = 20_000
const SECONDS = 20

const server = await startServer()
const bodies = () => {
  const run = newRun()
  const batches: string[] = []
  // Made ahead, because making a hundred events costs the load generator more than sending them.
  for (let n = 0; n < 4000; n++) {
    const batch = Array.from({ length: BATCH }, (_, k) => body(n * BATCH + k, VISITORS, run))
    batches.push(JSON.stringify({ batch, sentAt: new Date().toISOString() }))
  }
  return (n: number) => batches[n % batches.length]!
}
const ingestFor = (seconds: number) =>
  load(server.url, '/v1/batch', server.write_key, { connections: CONNECTIONS, seconds, bodyOf: bodies() })

note('warming up')
await ingestFor(5)
const [before] = await stored()
const ours = await ingestFor(SECONDS)
const [after] = await stored()
const rows = after.stored - before.stored
const rate = rows / SECONDS
note(`ingest ${Math.round(rate)} events/s, p50 ${ours.p50} ms, p99 ${ours.p99} ms`)
const reference = await insertAgain(server, Math.min(after.stored, 150_000))
note(`reference ${Math.round(reference)} events/s`)
await server.stop()

report({
  name: 'ingest-batch',
  value: rate,
  unit: 'events/s',
  reference: { what: 'multi-row insert of the same rows, 500 a transaction', value: reference },
  ratio: rate / reference,
  aim: 'at least 0.45',
  met: rate / reference >= 0.45,
  p50_ms: ours.p50,
  p99_ms: ours.p99,
  failed: ours.failed,
  acknowledged: Math.round(ours.rate * SECONDS * BATCH),
  rows_stored: rows,
})

function stored() {
  return server.database.system<
    [{ stored: number }]
  >`select count(*) as stored from events where workspace_id = ${server.workspace_id}`
}
