import type postgres from 'postgres'
import type { Sql } from './connect.ts'

export type Table = {
  name: string
  /** Those that hold something of their own: generated ones make themselves. */
  columns: string[]
  /** Row level security is on. */
  walled: boolean
}

/** The tables of the schema `public`, each behind those that it refers to. Partitions are part of theirs, `migrations` stays. */
export async function tablesOf(sql: Sql): Promise<Table[]> {
  const tables = await sql<(Table & { refers_to: string[] })[]>`
    select c.relname as name,
           c.relrowsecurity as walled,
           array(select attname::text from pg_attribute
                  where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' order by attnum) as columns,
           array(select f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid
                  where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as refers_to
      from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> 'migrations'
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
     order by c.relname`
  return inOrder(tables).map(({ refers_to: _, ...table }) => table)
}

/** Row level security is forced upon the owner of the tables, too, unless that is a superuser; the system's role sees everything. */
export async function asReader<T>(tx: postgres.TransactionSql, { walled }: Table, work: () => T): Promise<T> {
  if (walled) await tx`set local role throughline_system`
  else await tx`set local role none`
  return work()
}

function inOrder<T extends { name: string; refers_to: string[] }>(tables: T[]): T[] {
  const sorted: T[] = []
  const waiting = [...tables]
  while (waiting.length > 0) {
    const next = waiting.findIndex(table => table.refers_to.every(name => sorted.some(done => done.name === name)))
    if (next < 0) throw new Error(`These tables refer to each other in a circle: ${waiting.map(({ name }) => name).join(', ')}.`)
    sorted.push(...waiting.splice(next, 1))
  }
  return sorted
}
