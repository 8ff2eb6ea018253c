import type postgres from 'postgres'

export type Column = { name: string; type: string; rest: string }
export type Grant = { rights: string; to: string }
export type Table = {
  kind: 'table' | 'view' | 'sequence'
  name: string
  columns: Column[]
  constraints: string[]
  indexes: string[]
  grants: Grant[]
  /** What stands behind the closing parenthesis. */
  suffix: string
}

export async function rolesOf(sql: postgres.Sql): Promise<string[]> {
  const roles = await sql<{ line: string }[]>`
    select 'create role ' || rolname || case when rolcanlogin then ' login' else ' nologin' end
           || case when rolbypassrls then ' bypassrls' else '' end || case when rolsuper then ' superuser' else '' end || ';' as line
      from pg_roles
     where rolname like 'throughline\_%'
     order by rolname`
  const extensions = await sql<{ line: string }[]>`
    select 'create extension ' || extname || ';' as line from pg_extension where extname <> 'plpgsql' order by extname`
  return [...roles, ...extensions].map(({ line }) => line)
}

/** Tables and sequences of their own, in the order in which they were made. */
export async function tablesOf(sql: postgres.Sql): Promise<Table[]> {
  const found = await sql<Found[]>`
    select c.oid::int as oid, c.relname as name, case when c.relkind = 'S' then 'sequence' else 'table' end as kind,
           case when c.relkind = 'p' then ' partition by ' || pg_get_partkeydef(c.oid)
                when c.relkind = 'S' then ' increment by ' || (select seqincrement from pg_sequence where seqrelid = c.oid)
                else '' end
           || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '') as suffix
      from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'S') and not c.relispartition
       and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass
                          and (d.deptype = 'e' or (c.relkind = 'S' and d.deptype in ('a', 'i'))))
     order by c.oid`
  return describe(sql, found)
}

export async function viewsOf(sql: postgres.Sql): Promise<Table[]> {
  const found = await sql<Found[]>`
    select c.oid::int as oid, case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname as name, 'view' as kind,
           coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '') as suffix
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'reporting') and c.relkind in ('v', 'm')
     order by c.oid`
  return describe(sql, found)
}

/** Each rule once, with the tables that stand behind it: nearly all have the same two. */
export async function policiesOf(sql: postgres.Sql): Promise<string[]> {
  const policies = await sql<{ rule: string; tables: string }[]>`
    with policy as (
      select 'policy ' || p.polname || ' for ' || case p.polcmd when '*' then 'all' else p.polcmd::text end || ' to '
             || (select string_agg(rolname, ', ' order by rolname) from pg_roles where oid = any(p.polroles))
             || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '')
             || coalesce(' with check ' || pg_get_expr(p.polwithcheck, p.polrelid), '') as rule, c.relname
        from pg_policy p
        join pg_class c on c.oid = p.polrelid
       where not c.relispartition and c.relrowsecurity and c.relforcerowsecurity
    )
    select rule, string_agg(relname, ', ' order by relname) as tables from policy group by rule order by rule`
  const head = '-- Row level security, on and forced upon the owner, with these rules:'
  return [head, ...policies.map(({ rule, tables }) => `--   ${lower(rule)}\n${wrap(tables)}`)]
}

/** With the text of their migration. */
export async function functionsOf(sql: postgres.Sql): Promise<string[]> {
  const functions = await sql<{ head: string; body: string; rights: string | null }[]>`
    select 'create function ' || case when n.nspname = 'public' then '' else n.nspname || '.' end || p.proname
           || '(' || pg_get_function_arguments(p.oid) || ') returns ' || pg_get_function_result(p.oid) || ' language ' || l.lanname
           || case p.provolatile when 'i' then ' immutable' when 's' then ' stable' else '' end
           || case when p.prosecdef then ' security definer' else '' end
           || coalesce(' set ' || array_to_string(p.proconfig, ' set '), '') as head,
           p.prosrc as body,
           (select string_agg(coalesce(nullif(grantee::regrole::text, '-'), 'public'), ', ' order by grantee::regrole::text)
              from aclexplode(p.proacl) where grantee <> p.proowner) as rights
      from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
      join pg_language l on l.oid = p.prolang
     where n.nspname in ('public', 'reporting')
       and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
     order by p.oid`
  return functions.map(
    ({ head, body, rights }) => `${short(head)} as $$${body}$$;${rights ? `\n-- may be called by ${rights}` : ''}`,
  )
}

type Found = { oid: number; name: string; kind: Table['kind']; suffix: string }

async function describe(sql: postgres.Sql, found: Found[]): Promise<Table[]> {
  const tables: Table[] = []
  for (const { oid, name, kind, suffix } of found)
    tables.push({
      kind,
      name,
      suffix: lower(suffix),
      columns: kind === 'sequence' ? [] : await columnsOf(sql, oid, kind),
      constraints: await constraintsOf(sql, oid),
      indexes: await indexesOf(sql, oid),
      grants: await grantsOf(sql, oid),
    })
  return tables
}

async function columnsOf(sql: postgres.Sql, oid: number, kind: Table['kind']): Promise<Column[]> {
  const columns = await sql<
    { name: string; type: string; required: boolean; generated: string; identity: string; value: string | null }[]
  >`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
           a.attgenerated as generated, a.attidentity as identity, pg_get_expr(d.adbin, d.adrelid) as value
      from pg_attribute a
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped
     order by a.attnum`
  return columns.map(({ name, type, required, generated, identity, value }) => {
    const made = generated ? `generated always as (${value}) stored` : identity ? 'generated always as identity' : ''
    const rest = [required && kind === 'table' ? 'not null' : '', made || (value ? `default ${value}` : '')]
    return { name, type: short(type), rest: lower(rest.filter(Boolean).join(' ')) }
  })
}

async function constraintsOf(sql: postgres.Sql, oid: number): Promise<string[]> {
  const constraints = await sql<{ definition: string }[]>`
    select pg_get_constraintdef(oid) as definition
      from pg_constraint
     where conrelid = ${oid} and contype in ('p', 'u', 'f', 'c', 'x') and conparentid = 0
     order by array_position(array['p', 'u', 'x', 'c', 'f'], contype::text), conname`
  return constraints.map(({ definition }) => lower(definition))
}

async function indexesOf(sql: postgres.Sql, oid: number): Promise<string[]> {
  const indexes = await sql<{ definition: string }[]>`
    select pg_get_indexdef(i.indexrelid) as definition
      from pg_index i
      join pg_class c on c.oid = i.indexrelid
     where i.indrelid = ${oid} and not exists (select from pg_constraint where conindid = i.indexrelid)
     order by c.relname`
  return indexes.map(({ definition }) => lower(definition.replace(/ ON (ONLY )?public\./, ' on ').replace(' USING btree', '')))
}

async function grantsOf(sql: postgres.Sql, oid: number): Promise<Grant[]> {
  return sql<Grant[]>`
    with granted as (
      select lower(privilege_type) as word, a.grantee from pg_class c, aclexplode(c.relacl) a where c.oid = ${oid} and a.grantee <> c.relowner
      union all
      select lower(privilege_type) || ' (' || string_agg(attname, ', ' order by attnum) || ')', a.grantee
        from pg_attribute, aclexplode(attacl) a
       where attrelid = ${oid}
       group by privilege_type, a.grantee
    ), rights as (
      select grantee, string_agg(word, ', ' order by array_position(array['select', 'insert', 'update', 'delete', 'usage'], word), word) as rights
        from granted
       group by grantee
    )
    select rights, string_agg(grantee::regrole::text, ', ' order by grantee::regrole::text) as to from rights group by rights order by rights`
}

/** Lower case but for what stands in quotes, on one line, and without what PostgreSQL adds for itself: types of texts, parentheses. */
function lower(text: string): string {
  const parts = text.replace(/'(?:[^']|'')*'|"[^"]*"|[^'"]+/g, part =>
    /^['"]/.test(part) ? part : part.toLowerCase().replace(/\s+/g, ' '),
  )
  const typed = parts.replace(/('(?:[^']|'')*')::(text|jsonb)(\[\])?/g, '$1')
  return short(typed.replace(/(\bcheck|\bwhere|\balways as|\busing) (\(.*\))/, (_, word, rest) => `${word} ${bare(rest)}`))
}

/** `((a or b))` -> `(a or b)` */
function bare(text: string): string {
  const inner = text.slice(1, -1)
  return closes(inner) ? bare(inner) : text
}

/** Whether the first parenthesis is closed by the last character. */
function closes(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false
  let depth = 0
  for (const [at, letter] of [...text].entries()) {
    if (letter === '(') depth++
    if (letter === ')' && --depth === 0) return at === [...text].length - 1
  }
  return false
}

function short(text: string): string {
  return text
    .replaceAll('timestamp with time zone', 'timestamptz')
    .replaceAll('timestamp without time zone', 'timestamp')
    .replaceAll('character varying', 'varchar')
    .replaceAll('double precision', 'float8')
    .replace(/\binteger\b/g, 'int')
}

function wrap(names: string): string {
  const lines = names.match(/.{1,110}(,|$)/g) ?? []
  return lines.map(line => `--     ${line.trim()}`).join('\n')
}
