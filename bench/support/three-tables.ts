import postgres from 'postgres'
import { createWorkspace } from '../../server/workspaces/create.ts'
import { columnsOf } from './reference.ts'
import type { Running } from './server.ts'

/**
 * The reference of `intake`: contacts, leads and what is told of them, as our run stored them, put once more into the same tables with
 * the same indexes in another workspace. One lead a transaction and three plain inserts, prepared and sent together; so many at a time.
 * Nothing is read, matched, given to anybody or counted. In leads a second.
 */
export async function insertLeadsPlainly(server: Running, workspace_id: number, connections: number, most: number) {
  const { workspace_id: to } = await createWorkspace(server.database, { name: 'Reference' })
  const sql = postgres(server.database.url, {
    max: connections,
    onnotice: () => {},
    // Without foreign keys: the pipeline is the other workspace's. It only makes the reference faster.
    connection: { application_name: 'reference', session_replication_role: 'replica' },
  })
  try {
    const tables = await Promise.all(
      TABLES.map(async ([name, rows]) => {
        const columns = (await columnsOf(sql, name)).map(column => column.name)
        const values = columns.map(column => READ[column] ?? `t.${column}::text`)
        const read = `select ${values.join(', ')} from (${rows}) t order by t.lead_id limit ${most}`
        const types = (await columnsOf(sql, name)).map(({ type }, k) => `$${k + 1}::text::${type}`)
        return {
          insert: `insert into ${name} (${columns.join(', ')}) values (${types.join(', ')})`,
          rows: (await sql.unsafe(read, [workspace_id, to]).values()) as (string | null)[][],
        }
      }),
    )
    const count = tables[0]!.rows.length
    if (tables.some(({ rows }) => rows.length !== count)) throw new Error('a lead lacks its contact or its activity')
    let next = 0
    const one = async () => {
      for (let n = next++; n < count; n = next++) {
        await sql.begin(tx => tables.map(({ insert, rows }) => tx.unsafe(insert, rows[n]!, { prepare: true })))
      }
    }
    await Promise.all(Array.from({ length: connections }, () => sql`select 1`)) // all of them are open
    const begun = performance.now()
    await Promise.all(Array.from({ length: connections }, one))
    return { rate: count / ((performance.now() - begun) / 1000), count }
  } finally {
    await sql.end()
  }
}

/** Told already, or the relay would have work that the reference has nothing to do with. */
const READ: Record<string, string> = { workspace_id: '$2::text', told: `'true'` }

/** The first lead of each contact. */
const FIRST =
  'select distinct on (contact_id) contact_id, id as lead_id from leads where workspace_id = $1 order by contact_id, id'
const TABLES = [
  ['contacts', `select c.*, f.lead_id from (${FIRST}) f join contacts c on c.workspace_id = $1 and c.id = f.contact_id`],
  ['leads', `select l.*, f.lead_id from (${FIRST}) f join leads l on l.workspace_id = $1 and l.id = f.lead_id`],
  [
    'activities',
    `select a.*, f.lead_id from (${FIRST}) f
       join activities a on a.workspace_id = $1 and a.action = 'lead.created' and a.subject_id = f.lead_id::text`,
  ],
] as const
