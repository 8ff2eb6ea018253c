import { beforeAll, describe, expect, test } from 'vitest'
import { type Database, open } from '../../server/database/connect.ts'
import { freshApp } from '../app.ts'
import { full } from '../faults/size.ts'
import { bob, jane, john, sally } from '../people.ts'
import { fingerprint, type Table, tenantTables } from './tables.ts'
import { live, signIn } from './tenants.ts'

// What the database keeps apart by itself, were every `where` of ours forgotten.

let database: Database
let own: number
let rival: number
let tables: Table[]

beforeAll(async () => {
  const fresh = await freshApp()
  const other = await fresh.another()
  await live(fresh, fresh, [john, jane], 'own')
  await live(fresh, other, [sally, bob], 'theirs')
  await signIn(fresh, fresh.workspace_id, 'owner@example.com')
  await signIn(fresh, other.workspace_id, 'rival@example.com')
  database = fresh.database
  own = fresh.workspace_id
  rival = other.workspace_id
  tables = await tenantTables(database.system)
})

describe('row level security alone', () => {
  test('stands on every table of a tenant, forced, with the tenant as its only condition', async () => {
    const rows = await database.system<{ name: string; on: boolean; forced: boolean; policies: string[] }[]>`
      select c.relname as name, c.relrowsecurity as on, c.relforcerowsecurity as forced,
             array(select p.polname::text
                     from pg_policy p
                    where p.polrelid = c.oid
                      and (select oid from pg_roles where rolname = 'throughline_app') = any(p.polroles)) as policies
        from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relname = any(${tables.map(table => table.name)})
       order by 1`
    expect(rows.length).toBeGreaterThan(15)
    expect(rows).toEqual(tables.map(({ name }) => ({ name, on: true, forced: true, policies: ['tenant'] })))
  })

  test('the server can reach nothing that has no tenant', async () => {
    const rows = await database.system<{ name: string }[]>`
      select c.relname as name
        from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm')
         and not (c.relname = any(${tables.map(table => table.name)}))
         and has_table_privilege('throughline_app', c.oid, 'select, insert, update, delete')`
    expect(rows.map(row => row.name)).toEqual([])
  })

  test('every view looks with the eyes of who asks', async () => {
    const rows = await database.system<{ name: string }[]>`
      select c.oid::regclass::text as name
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'v' and n.nspname in ('public', 'reporting')
         and not coalesce(c.reloptions @> '{security_invoker=true}', false)
         and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`
    expect(rows.map(row => row.name)).toEqual([])
  })

  test('the roles of the server are no superusers and cannot pass the wall', async () => {
    const rows = await database.system`
      select rolname from pg_roles where rolname like 'throughline%' and (rolsuper or rolbypassrls or rolcreaterole)`
    expect([...rows]).toEqual([])
  })

  test('shows nothing while no workspace is named, and after one was', async () => {
    const { app, system } = database
    for (const { name, tenant } of await readable('throughline_app')) {
      const count = () => app<{ rows: number }[]>`select count(*)::int as rows from ${app(name)}`
      expect({ name, rows: (await count())[0]!.rows }).toEqual({ name, rows: 0 })
      const [seen] = (await app.begin(async sql => {
        await sql.unsafe(`set local app.workspace_id = '${own}'`)
        return sql`select count(*)::int as rows, count(*) filter (where ${sql(tenant)} = ${own})::int as own from ${sql(name)}`
      })) as unknown as { rows: number; own: number }[]
      const [all] = await system<{ own: number; others: number }[]>`
        select count(*) filter (where ${system(tenant)} = ${own})::int as own,
               count(*) filter (where ${system(tenant)} <> ${own})::int as others
          from ${system(name)}`
      expect({ name, ...seen }).toEqual({ name, rows: all!.own, own: all!.own })
      expect({ name, rows: (await count())[0]!.rows }).toEqual({ name, rows: 0 })
    }
  })

  test('both tenants have something in every table that the server reads, so that the test before can fail', async () => {
    const { system } = database
    const empty: string[] = []
    for (const { name, tenant } of await readable('throughline_app')) {
      const [row] = await system<{ tenants: number }[]>`
        select count(distinct ${system(tenant)})::int as tenants
          from ${system(name)}
         where ${system(tenant)} in (${own}, ${rival})`
      if (row!.tenants < 2) empty.push(name)
    }
    expect(empty, 'give both tenants a row in test/wall/tenants.ts').toEqual([])
  })

  test('takes no row for another tenant, and gives none away', async () => {
    const admin = open(database.url)
    for (const { name, tenant } of await readable('throughline_app')) {
      const columns = await admin<{ name: string }[]>`
        select attname as name
          from pg_attribute
         where attrelid = ${name}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`
      const names = admin(columns.map(column => column.name))
      const [theirs] = await admin<{ row: string }[]>`
        select to_jsonb(t)::text as row from ${admin(name)} t where ${admin(tenant)} = ${rival} limit 1`
      const act = (text: (sql: typeof admin) => unknown) =>
        database.app
          .begin(async sql => {
            await sql.unsafe(`set local app.workspace_id = '${own}'`)
            await text(sql as unknown as typeof admin)
          })
          .then(
            () => 'done',
            (error: { code: string }) => error.code,
          )
      const insert = await act(
        sql => sql`
          insert into ${sql(name)} (${names}) overriding system value
          select ${names} from jsonb_populate_record(null::${sql(name)}, ${theirs!.row}::text::jsonb)`,
      )
      expect({ name, insert }).toEqual({ name, insert: '42501' })
      const give = await act(sql => sql`update ${sql(name)} set ${sql(tenant)} = ${rival}`)
      expect({ name, give }).toEqual({ name, give: expect.stringMatching(/^(42501|428C9)$/) })
      const before = await fingerprint(admin, [{ name, tenant }], rival)
      await act(sql => sql`delete from ${sql(name)} where ${sql(tenant)} = ${rival}`)
      await act(sql => sql`update ${sql(name)} set ${sql(tenant)} = ${sql(tenant)} where ${sql(tenant)} = ${rival}`)
      expect({ name, ...(await fingerprint(admin, [{ name, tenant }], rival)) }).toEqual({ name, ...before })
    }
    await admin.end()
  })

  test('holds on a small pool, whatever transactions follow one another and however they end', async () => {
    const pool = open(database.url, 'throughline_app', 2)
    const turns = full ? 10_000 : 1000
    const ids = [own, rival]
    let strangers = 0
    const look = async (turn: number) => {
      const wanted = ids[turn % 2]!
      const work = pool.begin(async sql => {
        await sql.unsafe(turn % 3 === 0 ? `set local app.workspaces = '${wanted}'` : `set local app.workspace_id = '${wanted}'`)
        const rows = await sql<{ workspace_id: number }[]>`select distinct workspace_id from visitors`
        if (rows.length !== 1 || rows[0]!.workspace_id !== wanted) strangers++
        if (turn % 5 === 0) throw new Error('ends badly')
        if (turn % 7 === 0) await sql`select 1 / 0`
      })
      await work.catch(() => {})
      if (turn % 4 === 0) strangers += (await pool`select from visitors limit 1`).length
    }
    for (let turn = 0; turn < turns; turn += 50) await Promise.all(Array.from({ length: 50 }, (_, k) => look(turn + k)))
    await pool.end()
    expect(strangers).toBe(0)
  })
})

describe('the queries of people', () => {
  test('see one workspace in every view, and none while none is named', async () => {
    const reader = open(database.url, 'throughline_reader')
    const views = await reader<{ name: string; tenant: string }[]>`
      select c.relname as name, case when c.relname = 'workspaces' then 'id' else 'workspace_id' end as tenant
        from pg_class c
       where c.relnamespace = 'reporting'::regnamespace and c.relkind = 'v'`
    expect(views.length).toBeGreaterThan(4)
    for (const { name, tenant } of views) {
      expect({ name, rows: (await reader`select from reporting.${reader(name)}`).length }).toEqual({ name, rows: 0 })
      const rows = (await reader.begin(async sql => {
        await sql.unsafe(`set local app.workspace_id = '${own}'`)
        return sql`select distinct ${sql(tenant)} as tenant from reporting.${sql(name)}`
      })) as unknown as { tenant: number }[]
      expect({ name, tenants: rows.map(row => row.tenant) }).toEqual({
        name,
        tenants: rows.length === 0 ? [] : [own],
      })
    }
    await reader.end()
  })

  test.each([
    ["select set_config('app.workspace_id', '1', true)", '42501'],
    ['select * from users', '42501'],
    ['select * from keys', '42501'],
    ['select * from user_sessions', '42501'],
    ['select * from sign_in_links', '42501'],
    ['select contact_salt from workspaces', '42501'],
    ['select * from message_ids', '42501'],
    ['delete from reporting.contacts', '42501'],
    ['insert into contacts (workspace_id, id) values (1, 1)', '42501'],
    ["select ensure_event_partitions(now(), now() + interval '5 years')", '42501'],
    ["select pg_read_file('/etc/passwd')", '42501'],
    ['set role throughline_system', '42501'],
  ])('may not: %s', async (query, code) => {
    const reader = open(database.url, 'throughline_reader')
    // As a login of its own would: the test's connection is the superuser's, who may take any role back.
    const refused = await reader
      .begin('read only', async sql => {
        await sql.unsafe('set local session authorization throughline_reader').catch(() => {})
        return sql.unsafe(query)
      })
      .then(
        () => 'done',
        (error: { code: string }) => error.code,
      )
    await reader.end()
    expect(refused).toMatch(new RegExp(`${code}|25006`))
  })
})

/** Tables that a role may read, by the rights that it has. */
async function readable(role: string) {
  const rows = await database.system<{ name: string }[]>`
    select name from unnest(${tables.map(table => table.name)}::text[]) as name where has_table_privilege(${role}, name, 'select')`
  return tables.filter(table => rows.some(row => row.name === table.name))
}
