import type postgres from 'postgres'
import { readMigrations } from '../../server/database/migrate.ts'
import { type Column, functionsOf, type Grant, policiesOf, rolesOf, type Table, tablesOf, viewsOf } from './read.ts'

/**
 * The whole schema as text to read: tables in the order in which the migrations make them, each with its keys, indexes and rights. The
 * same on PostgreSQL 15 and 18, so that it can be compared. How a view asks is in its migration, because versions write that differently.
 */
export async function describeSchema(sql: postgres.Sql): Promise<string> {
  const migrations = await readMigrations('db/migrations')
  const madeBy = (name: string) =>
    migrations.find(({ text }) => new RegExp(`create (table|view|sequence) ${name.replace('.', '\\.')}\\b`).test(text))?.name ??
    ''
  const tables = [...(await tablesOf(sql)), ...(await viewsOf(sql))]
  const parts = [
    '-- The schema as it is now, made by `node bin/schema.js` from a migrated database. The reasons are in db/migrations.',
    (await rolesOf(sql)).join('\n'),
    ...tables.map((table, at) => {
      const file = madeBy(table.name)
      const before = tables[at - 1]
      return (before && madeBy(before.name)) === file
        ? inWords(table)
        : `-- ${file || 'kept by the migrations'}\n\n${inWords(table)}`
    }),
    (await policiesOf(sql)).join('\n'),
    ...(await functionsOf(sql)),
  ]
  return `${parts.join('\n\n')}\n`
}

function inWords({ kind, name, columns, constraints, indexes, grants, suffix }: Table): string {
  const names = Math.max(0, ...columns.map(column => column.name.length))
  const types = Math.max(0, ...columns.map(column => column.type.length))
  const lines = [...columns.map(column => columnInWords(column, names, types)), ...constraints].map(line => `  ${line}`.trimEnd())
  const body = lines.length > 0 ? ` (\n${lines.join(',\n')}\n)` : ''
  return [
    `create ${kind} ${name}${body}${suffix};`,
    ...indexes.map(index => `${index};`),
    ...grants.map(grant => `${grantInWords(grant, name)};`),
  ].join('\n')
}

function columnInWords({ name, type, rest }: Column, names: number, types: number): string {
  return `${name.padEnd(names)} ${type.padEnd(types)} ${rest}`.trimEnd()
}

function grantInWords({ rights, to }: Grant, name: string): string {
  return `grant ${rights} on ${name} to ${to}`
}
