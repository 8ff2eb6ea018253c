import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { readBoundedWho } from './common.ts'
import { PLACES } from './places.ts'
import type { Asked } from './who.ts'

const ROWS = 500
/** Work of the server, and files about many people. */
const LEFT_OUT = ['jobs', 'moved_people', 'segment_changes', 'export_parts']

/** That somebody's data was read out is a change like any other. */
export async function noteArchive(sql: Sql, workspace_id: number, { contact_ids }: Asked, actor: Actor): Promise<void> {
  await recordActivities(
    sql,
    workspace_id,
    contact_ids.map(contact_id => ({ action: 'contact.read_out', actor, contact_id })),
  )
}

/**
 * Everything that is known of somebody, as lines of JSON: first what it is about, then for each table what it is and its rows. Streamed out
 * of one snapshot, so it is of one moment and as large as it is. Runs as the system's role.
 */
export async function* archiveOf(sql: postgres.Sql, workspace_id: number, asked: Asked): AsyncGenerator<string> {
  const reserved = await sql.reserve()
  try {
    await reserved`begin isolation level repeatable read read only`
    const who = await readBoundedWho(reserved, workspace_id, asked)
    yield line({ archive: 'throughline', version: 1, workspace_id, contact_ids: who.contacts, made_at: new Date().toISOString() })
    for (const { table, of, columns, why, kept } of PLACES) {
      if (!of || LEFT_OUT.includes(table)) continue
      let is_first = true
      const query = reserved<{ row: Record<string, unknown> }[]>`
        select to_jsonb(t) - 'workspace_id' as row from ${reserved(table)} t where workspace_id = ${workspace_id} and ${of(reserved, who)}`
      for await (const rows of query.cursor(ROWS)) {
        if (is_first) yield line({ table, columns, why, kept })
        is_first = false
        yield rows.map(({ row }) => line({ table, row: readable(row) })).join('')
      }
    }
    yield line({ end: true })
  } finally {
    await reserved`rollback`
    reserved.release()
  }
}

/** Bytes come as hex; what came in was text. */
function readable(row: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === 'string' && /^\\x([0-9a-f]{2})*$/.test(value)
        ? Buffer.from(value.slice(2), 'hex').toString('utf8')
        : value,
    ]),
  )
}

function line(value: object) {
  return `${JSON.stringify(value)}\n`
}
