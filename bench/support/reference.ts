import type postgres from 'postgres'
import { open } from '../../server/database/connect.ts'
import type { Running } from './server.ts'

/**
 * The reference of `ingest-batch`: the rows that our run stored, put once more into the same tables with the same indexes, in
 * another workspace, by plain multi-row `insert ... select unnest(...)`, 500 events a transaction, one connection, no decisions.
 * A visitor, visit, contact, key or link goes in with the first 500 events that come after it was made.
 */
export async function insertAgain(server: Running, events: number): Promise<number> {
  const superuser = open(server.database.url)
  try {
    const [workspace] = await superuser<{ id: number }[]>`
      insert into workspaces (organization_id, name) select organization_id, 'reference' from workspaces limit 1 returning id`
    const tables = await Promise.all(
      TABLES.map(async table => ({
        ...table,
        rows: await readRows(superuser, table, server.workspace_id, workspace!.id, events),
      })),
    )
    const columns = new Map(await Promise.all(tables.map(async ({ name }) => [name, await columnsOf(superuser, name)] as const)))
    const count = tables.find(table => table.name === 'events')!.rows.length
    const transactions = Math.ceil(count / 500)
    const begun = performance.now()
    for (let part = 0; part < transactions; part++) {
      await superuser.begin(async sql => {
        // Without foreign keys: which row came first is not known here. It only makes the reference faster.
        await sql`set local session_replication_role = replica`
        for (const { name, rows } of tables) {
          const from = Math.floor((rows.length * part) / transactions)
          const to = Math.floor((rows.length * (part + 1)) / transactions)
          if (to > from) await insert(sql, name, columns.get(name)!, rows.slice(from, to))
        }
      })
    }
    return count / ((performance.now() - begun) / 1000)
  } finally {
    await superuser.end()
  }
}

const TABLES = [
  { name: 'message_ids', order: 'received_at' },
  { name: 'contacts', order: 'created_at' },
  { name: 'contact_keys', order: 'created_at' },
  { name: 'contact_search', order: 'contact_id' },
  { name: 'visitors', order: 'id' },
  { name: 'sessions', order: 'started_at' },
  { name: 'identity_links', order: 'id' },
  { name: 'activities', order: 'id' },
  { name: 'events', order: 'id' },
]

export type Column = { name: string; type: string }

/** Those that somebody has to give: neither generated nor numbered by the database. */
export async function columnsOf(sql: postgres.Sql, table: string) {
  return sql<Column[]>`
    select attname as name, format_type(atttypid, null) as type
      from pg_attribute
     where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
     order by attnum`
}

/** Everything as text, so that this side does as little as any client could. */
async function readRows(sql: postgres.Sql, table: { name: string; order: string }, from: number, to: number, limit: number) {
  const columns = await columnsOf(sql, table.name)
  const list = columns.map(({ name }) => (name === 'workspace_id' ? `'${to}'` : `${name}::text`))
  const rows = await sql
    .unsafe(
      `select ${list.join(', ')} from (select * from ${table.name} where workspace_id = ${from} order by ${table.order} limit ${limit}) t`,
    )
    .values()
  return rows as (string | null)[][]
}

async function insert(sql: postgres.TransactionSql, table: string, columns: readonly Column[], rows: (string | null)[][]) {
  const names = columns.map(column => column.name).join(', ')
  const arrays = columns.map((_, k) => `$${k + 1}::text[]`).join(', ')
  const values = columns
    .map(column => (column.type === 'text[]' ? `${column.name}::text[]` : `${column.name}::${column.type}`))
    .join(', ')
  await sql.unsafe(
    `insert into ${table} (${names}) select ${values} from unnest(${arrays}) as t(${names})`,
    columns.map((_, k) => rows.map(row => row[k]!)),
    { prepare: true },
  )
}
