import { spawn } from 'node:child_process'
import { body, newRun, pathOf } from './support/bodies.ts'
import { load } from './support/load.ts'
import { note, report } from './support/report.ts'
import { end, freePort, startServer, untilReady } from './support/server.ts'

// One event a request, 64 connections, 20,000 visitors, 20 s; against a bare Fastify echo of the same bodies, before and after.
const CONNECTIONS = 64
const VISITORS = 20_000
const SECONDS = 20

const bodies = () => {
  const run = newRun()
  return (n: number) => JSON.stringify(body(n, VISITORS, run))
}
const server = await startServer()
const port = await freePort()
const echo = spawn(process.execPath, ['--import', 'tsx', 'bench/support/echo.ts', String(port)], { stdio: 'inherit' })
await untilReady(`http://127.0.0.1:${port}/ready`, echo)

const echoFor = (seconds: number) =>
  load(`http://127.0.0.1:${port}`, '/v1/track', 'none', { connections: CONNECTIONS, seconds, bodyOf: bodies(), pathOf })
const ingestFor = (seconds: number) =>
  load(server.url, '/v1/track', server.write_key, { connections: CONNECTIONS, seconds, bodyOf: bodies(), pathOf })

note('warming up')
await echoFor(3)
await ingestFor(5)
const before = await echoFor(SECONDS / 2)
note(`echo ${Math.round(before.rate)}/s`)
const [{ stored: stored_before }] = await stored()
const ours = await ingestFor(SECONDS)
note(`ingest ${Math.round(ours.rate)}/s, p50 ${ours.p50} ms, p99 ${ours.p99} ms`)
const [{ stored: stored_after }] = await stored()
const after = await echoFor(SECONDS / 2)
note(`echo ${Math.round(after.rate)}/s`)
await end(echo)
await server.stop()

const reference = (before.rate + after.rate) / 2
report({
  name: 'ingest-single',
  value: ours.rate,
  unit: 'events/s',
  reference: { what: 'bare Fastify echo of the same bodies', value: reference },
  ratio: ours.rate / reference,
  aim: 'at least 0.30',
  met: ours.rate / reference >= 0.3,
  p50_ms: ours.p50,
  p99_ms: ours.p99,
  failed: ours.failed,
  rows_stored: stored_after - stored_before,
  acknowledged: Math.round(ours.rate * SECONDS),
})

function stored() {
  return server.database.system<
    [{ stored: number }]
  >`select count(*) as stored from events where workspace_id = ${server.workspace_id}`
}
