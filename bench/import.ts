import { setTimeout as sleep } from 'node:timers/promises'
import { open } from '../server/database/connect.ts'
import { createWorkspace } from '../server/workspaces/create.ts'
import type { Import } from '../shared/imports.ts'
import { note, report } from './support/report.ts'
import { startServer } from './support/server.ts'

// A table of 100,000 people (IMPORT_ROWS), one in five of whom came a thousand rows before with another name: sent over HTTP, then written with
// matching, activities, the words of the search and a result for each row. Against COPY of the same rows into the staging table.
const ROWS = Number(process.env.IMPORT_ROWS ?? 100_000)

const HEADING = 'email,phone,first_name,last_name,street,city,state,zip_code,company'

const server = await startServer()
const { workspace_id, secret_key } = await createWorkspace(server.database, { name: 'Bench' })
const ask = async <T>(method: string, path: string, body?: string): Promise<T> => {
  const headers = { authorization: `Bearer ${secret_key}`, ...(body !== undefined && { 'content-type': 'text/csv' }) }
  const answer = await fetch(`${server.url}/api/v1${path}`, { method, headers, ...(body !== undefined && { body }) })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

const lines = Array.from({ length: ROWS }, (_, n) => line(n))
const begun = performance.now()
const file = await ask<Import>('POST', '/imports?name=bench.csv', `${HEADING}\n${lines.join('\n')}\n`)
const read = ROWS / ((performance.now() - begun) / 1000)
note(`read ${Math.round(read)} rows/s`)
const tried = await timed('check')
note(`tried ${Math.round(tried.rate)} rows/s`)
const written = await timed('run')
note(`written ${Math.round(written.rate)} rows/s`)
const reference = await copied()
note(`reference ${Math.round(reference)} rows/s`)
const [made] = await server.database.system<{ contacts: number }[]>`
  select count(*)::int as contacts from contacts where workspace_id = ${workspace_id}`
await server.stop()

report({
  name: 'import',
  value: written.rate,
  unit: 'rows/s',
  reference: { what: 'COPY of the same rows into the staging table', value: reference },
  ratio: written.rate / reference,
  aim: 'at least 0.15',
  met: written.rate / reference >= 0.15,
  rows: ROWS,
  contacts: made!.contacts,
  counts: written.counts,
  read_rows_a_second: read,
  tried_rows_a_second: tried.rate,
})

function line(n: number) {
  const who = n % 5 === 4 && n > 1000 ? n - 1000 - (n % 5) : n
  const names = `First${n % 997},Last${who % 7919}`
  return `person-${who}@example.com,+1720${2_000_000 + who},${names},${(who % 900) + 1} Main Street,Denver,CO,80${(who % 900) + 100},Company ${who % 500}`
}

async function timed(verb: 'check' | 'run') {
  const begun = performance.now()
  await ask('POST', `/imports/${file.id}/${verb}`)
  for (;;) {
    await sleep(100)
    const { state, counts, error } = await ask<Import>('GET', `/imports/${file.id}`)
    if (state === 'running') continue
    if (error !== null) throw new Error(error)
    return { rate: ROWS / ((performance.now() - begun) / 1000), counts }
  }
}

/** The owner of the tables may copy; whoever stands behind row level security may not. */
async function copied() {
  const owner = open(server.database.url)
  await owner.unsafe('create table bench_copy (like import_rows including all)')
  const rows = lines.map((text, k) => `1,1,${k + 2},"${JSON.stringify(text.split(',')).replaceAll('"', '""')}"`)
  const begun = performance.now()
  const target = await owner`copy bench_copy (workspace_id, transfer_id, row, cells) from stdin with (format csv)`.writable()
  for (let k = 0; k < rows.length; k += 2000)
    if (!target.write(`${rows.slice(k, k + 2000).join('\n')}\n`)) await new Promise(resolve => target.once('drain', resolve))
  await new Promise<void>((resolve, reject) => target.end((error?: Error | null) => (error ? reject(error) : resolve())))
  const rate = ROWS / ((performance.now() - begun) / 1000)
  await owner.end()
  return rate
}
