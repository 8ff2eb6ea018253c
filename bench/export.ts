import { setTimeout as sleep } from 'node:timers/promises'
import { open } from '../server/database/connect.ts'
import type { Export } from '../shared/exports.ts'
import { openWorkspace } from './support/ask.ts'
import { giveContacts } from './support/contacts.ts'
import { note, report } from './support/report.ts'
import { startServer } from './support/server.ts'

// 100,000 contacts (EXPORT_ROWS) as CSV with all columns, from the request until the file is whole. Against a bare COPY TO of the same rows.
const ROWS = Number(process.env.EXPORT_ROWS ?? 100_000)

const server = await startServer()
const { workspace_id, ask } = await openWorkspace(server)
await giveContacts(server.database.url, workspace_id, ROWS)
note(`${ROWS.toLocaleString('en')} contacts stored`)
const copied = await copy()
note(`reference ${Math.round(copied)} rows/s`)
const { rate, bytes } = await exported({ of: 'contacts' })
const jsonl = await exported({ of: 'contacts', format: 'jsonl' })
await server.stop()

report({
  name: 'export',
  value: rate,
  unit: 'rows/s',
  reference: { what: 'COPY TO of the same rows', value: copied },
  ratio: rate / copied,
  aim: 'at least 0.05',
  met: rate / copied >= 0.05,
  rows: ROWS,
  bytes,
  json_lines_rows_a_second: jsonl.rate,
})

async function exported(wish: object) {
  const begun = performance.now()
  const { id } = await ask<Export>('/exports', wish)
  for (;;) {
    const found = await ask<Export>(`/exports/${id}`)
    if (found.state !== 'running') {
      if (found.done !== ROWS) throw new Error(`The export ended as ${found.state} with ${found.done} rows: ${found.error}`)
      return { rate: ROWS / ((performance.now() - begun) / 1000), bytes: found.file?.bytes ?? 0 }
    }
    await sleep(50)
  }
}

async function copy() {
  const sql = open(server.database.url)
  const begun = performance.now()
  const stream =
    await sql`copy (select * from contacts where workspace_id = ${sql.unsafe(String(workspace_id))}) to stdout with (format csv)`.readable()
  for await (const _ of stream);
  await sql.end()
  return ROWS / ((performance.now() - begun) / 1000)
}
