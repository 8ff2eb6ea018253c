import type { Finding, Patient } from './checks.ts'

/** Every table that belongs to tenants has row level security, forced upon its owner too, with a policy. */
export async function walls({ sql }: Patient): Promise<Finding> {
  const open = await sql<{ name: string }[]>`
    select c.relname as name
      from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and (c.relname = 'workspaces' or exists (
             select from pg_attribute where attrelid = c.oid and attname = 'workspace_id' and not attisdropped))
       and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy where polrelid = c.oid))
     order by 1`
  const names = open.map(({ name }) => name).join(', ')
  return { ok: !names, found: names ? `missing around ${names}` : 'row level security is forced on every table of tenants' }
}

export async function settings({ sql }: Patient): Promise<Finding> {
  const [row] = await sql<{ may: boolean }[]>`
    select has_function_privilege('throughline_reader', 'set_config(text, text, boolean)', 'execute') as may`
  return row!.may
    ? { ok: true, found: 'the database did not let us take set_config() away; `throughline sql` refuses queries that name it' }
    : { ok: true, found: 'a query cannot change its workspace' }
}

export async function indexes({ sql }: Patient): Promise<Finding> {
  const broken = await sql<
    { name: string }[]
  >`select indexrelid::regclass::text as name from pg_index where not indisvalid order by 1`
  const names = broken.map(({ name }) => name).join(', ')
  return { ok: !names, found: names ? `${names} cannot be used: reindex index concurrently` : 'all can be used' }
}
