import type postgres from 'postgres'
import { open } from '../database/connect.ts'
import { command, type Json, workspaceOption } from './options.ts'
import { withUrl } from './reach.ts'
import { cell, inWords, tableRows } from './say.ts'

type Options = Json & { workspace: number }

export function sqlCommand() {
  return command('sql', 'Ask a question of one workspace in SQL: the views of the schema `reporting`, read-only.')
    .argument('<query>', 'one select')
    .addOption(workspaceOption())
    .addHelpText('after', `\nExample:\n  throughline sql "select stage, count(*) from contacts group by stage" --workspace 1`)
    .action(async (query: string, { json, workspace }: Options) => {
      await withUrl(async url => {
        const print = json ? printJson() : printTable()
        for await (const { rows, columns } of ask(url, workspace, query)) print.rows(rows, columns)
        print.end()
      })
    })
}

type Answer = { rows: Record<string, unknown>[]; columns: postgres.ColumnList<string> }

/** Known to postgres.js, not to its types: without it a text without parameters may hold several statements. */
const EXTENDED = { prepare: false, simple: false } as postgres.UnsafeQueryOptions
const ROWS_AT_ONCE = 1000

/**
 * The walls around somebody's SQL: a role that may read the views and nothing else, row level security for one workspace, a read-only
 * transaction that is always rolled back, a cursor (so it is one select and no other command), the extended protocol (so it is one
 * statement), a time limit, and a last look at the setting that names the workspace before anything is shown.
 */
export async function* ask(url: string, workspace_id: number, query: string): AsyncGenerator<Answer> {
  const sql = open(url)
  const connection = await sql.reserve()
  try {
    await refuseSetting(connection, query)
    await connection`begin read only`
    await connection`set local role throughline_reader`
    await connection.unsafe(`set local app.workspace_id = '${Math.trunc(workspace_id)}'`)
    await connection`set local search_path = reporting`
    await connection`set local statement_timeout = '60s'`
    const text = query.trim().replace(/;+\s*$/, '')
    await connection.unsafe(`declare answer no scroll cursor for\n${text}\n`, [], EXTENDED)
    for (let more = true; more; ) {
      const rows = await connection.unsafe<Record<string, unknown>[]>(`fetch ${ROWS_AT_ONCE} from answer`)
      const [now] = await connection<{ workspace: string; role: string }[]>`
        select current_setting('app.workspace_id') as workspace, current_user as role`
      if (now?.workspace !== String(workspace_id) || now.role !== 'throughline_reader')
        throw new Error('The query named another workspace or role. Nothing of it is shown.')
      yield { rows: rows.map(row => plain(row, rows.columns)), columns: rows.columns }
      more = rows.length === ROWS_AT_ONCE
    }
  } finally {
    await connection`rollback`.catch(() => {})
    connection.release()
    await sql.end({ timeout: 5 })
  }
}

/**
 * Where migrations did not run as a superuser, set_config() could not be taken away from everybody (db/migrations/0006_reporting.sql).
 * There the names of the functions that could change a setting from within a query, or run text that does, are refused.
 */
async function refuseSetting(sql: postgres.Sql, query: string) {
  const [row] = await sql<{ may: boolean }[]>`
    select has_function_privilege('throughline_reader', 'set_config(text, text, boolean)', 'execute') as may`
  if (row!.may && /set_config|_to_xml|ts_stat|ts_rewrite|u&"/i.test(query))
    throw new Error('This query calls a function that could leave the workspace, which is not allowed on this database.')
}

/** Numerics as numbers when JSON can carry them exactly, else as they are written. */
function plain(row: Record<string, unknown>, columns: postgres.ColumnList<string>) {
  for (const { name, type } of columns)
    if (type === NUMERIC && typeof row[name] === 'string' && row[name].replace(/\D/g, '').length <= 15)
      row[name] = Number(row[name])
  return row
}

const NUMERIC = 1700
const NUMBERS = [20, 21, 23, 700, 701, NUMERIC]

/** All at the end: a query that fails half-way prints no half of a value. */
function printJson() {
  const all: Record<string, unknown>[] = []
  return {
    rows: (rows: Record<string, unknown>[]) => {
      for (const row of rows) all.push(row)
    },
    end: () => console.log(JSON.stringify(all)),
  }
}

function printTable() {
  let head: { name: string; right: boolean; width: number }[] | undefined
  let count = 0
  return {
    rows: (rows: Record<string, unknown>[], columns: postgres.ColumnList<string>) => {
      if (!head) {
        head = columns.map(({ name, type }) => {
          const width = Math.max(name.length, ...rows.map(row => inWords(row[name]).length))
          return { name, right: NUMBERS.includes(type), width: Math.min(width, 60) }
        })
        console.log(
          head
            .map(({ name, width, right }) => cell(name, width, right))
            .join('  ')
            .trimEnd(),
        )
        console.log(head.map(({ width }) => '-'.repeat(width)).join('  '))
      }
      for (const line of tableRows(rows, head)) console.log(line)
      count += rows.length
    },
    end: () => console.error(`(${count} ${count === 1 ? 'row' : 'rows'})`),
  }
}
