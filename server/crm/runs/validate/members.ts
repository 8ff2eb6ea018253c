import type { Sql } from '../../../database/connect.ts'
import { storable } from '../../../database/storable.ts'
import type { Run } from '../run.ts'
import type { MemberState } from './states.ts'

/** One who has an old id, as they are now: merged into another contact, they are asked for by what that one has. */
export type Member = {
  contact_id: number
  old_id: string
  state: MemberState
  email: string | null
  /** By which the CRM that is asked is said to know them already, and whose link says so. */
  external_id: string | null
  link_contact_id: number | null
}

/**
 * Everybody who has an old id now, in one statement: whoever came since the last time too. Who has another one is asked for anew, and who has
 * none any more is left out, unless they were found.
 */
export async function gatherMembers(sql: Sql, { workspace_id, id, from_connection_id }: Run): Promise<void> {
  await sql`
    insert into crm_run_members as m (workspace_id, run_id, contact_id, old_id)
    select workspace_id, ${id}, contact_id, external_id
      from crm_links
     where workspace_id = ${workspace_id} and connection_id = ${from_connection_id} and external_id is not null
    on conflict (workspace_id, run_id, contact_id) do update
       set old_id = excluded.old_id, state = 'NotChecked', external_id = null, message = null, checked_at = null
     where m.old_id <> excluded.old_id`
  await joinInWhole(sql)
  await sql`
    delete from crm_run_members m
     where workspace_id = ${workspace_id} and run_id = ${id} and state <> 'WroteSalesforceAppUserUid'
       and not exists (select
                         from crm_links
                        where workspace_id = ${workspace_id} and connection_id = ${from_connection_id} and contact_id = m.contact_id
                          and external_id is not null)`
}

/**
 * For the rest of the transaction. Of tables that have just grown the planner does not know how large they are, and would look for each of
 * 100,000 members through all links.
 */
export async function joinInWhole(sql: Sql): Promise<void> {
  await sql`set local enable_nestloop = off`
}

/** By state. Of its index alone: some 10 ms for 100,000. */
export async function countMembers(
  sql: Sql,
  { workspace_id, id }: Pick<Run, 'workspace_id' | 'id'>,
): Promise<Record<string, number>> {
  const rows = await sql<{ state: MemberState; count: number }[]>`
    select state, count(*)::int as count from crm_run_members where workspace_id = ${workspace_id} and run_id = ${id} group by state order by state`
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

/** The next of them by number. At first all but those who were found; in later passes those to whom the CRM gave no answer. */
export function takeMembers(sql: Sql, { workspace_id, id, connection_id }: Run, pass: number, after: number, most: number) {
  return sql<Member[]>`
    select m.contact_id, m.old_id, m.state, c.email, coalesce(o.external_id, w.external_id) as external_id,
           case when o.external_id is not null then own.id when w.external_id is not null then c.id end as link_contact_id
      from (select contact_id, old_id, state
              from crm_run_members
             where workspace_id = ${workspace_id} and run_id = ${id} and contact_id > ${after}
               and ${pass === 1 ? sql`state <> 'WroteSalesforceAppUserUid'` : sql`state = 'RequestedContact'`}
             order by contact_id
             limit ${most}) m
      join contacts own on own.workspace_id = ${workspace_id} and own.id = m.contact_id
      join contacts c on c.workspace_id = ${workspace_id} and c.id = own.whole_id
      left join lateral (
           select external_id
             from crm_links
            where workspace_id = ${workspace_id} and connection_id = ${connection_id} and contact_id = own.id
           offset 0) o on true
      left join lateral (
           select external_id
             from crm_links
            where workspace_id = ${workspace_id} and connection_id = ${connection_id} and contact_id = c.id
           offset 0) w on true
     order by m.contact_id`
}

/** Of neighbours by number; `message` is why, of a failure. Their range is said because the planner may not know yet how many members there are. */
export async function setStates(
  sql: Sql,
  { workspace_id, id }: Pick<Run, 'workspace_id' | 'id'>,
  rows: { contact_id: number; state: MemberState; external_id?: string | null; message?: string | null; at?: string }[],
): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map(row => row.contact_id)
  await sql`
    update crm_run_members m
       set state = r.state, external_id = coalesce(r.external_id, m.external_id), message = r.message, checked_at = coalesce(r.at, m.checked_at)
      from jsonb_to_recordset(${JSON.stringify(storable(rows))}::text::jsonb)
        as r(contact_id int, state text, external_id text, message text, at timestamptz)
     where m.workspace_id = ${workspace_id} and m.run_id = ${id} and m.contact_id = r.contact_id
       and m.contact_id between ${Math.min(...ids)} and ${Math.max(...ids)}`
}
