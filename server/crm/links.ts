import type postgres from 'postgres'
import type { CrmLink, CrmLinkPut, CrmLinksQuery } from '../../shared/crm.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { normalizeEmail } from '../contacts/normalize.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { tellEverything } from './tell-later.ts'

/** A link as the API shows it, of a row `l`, with the connection `k` and the person `c`. */
export function linkColumns(sql: Sql) {
  return sql`
           l.connection_id, k.name as connection, k.provider, l.contact_id, c.name, c.email, l.external_id, l.state, l.due, l.error,
           l.verified_at, l.created_at, l.updated_at`
}

/** By connection and contact. Keyset pages: first the page of links, then who they are, or the planner joins all of them to sort them. */
export async function listLinks(sql: Sql, workspace_id: number, { limit = 50, cursor, ...filters }: CrmLinksQuery) {
  const after = readCursor(cursor, 'integer', 'integer')
  const { connection_id, state, due, q } = filters
  const rows = await sql<CrmLink[]>`
    select ${linkColumns(sql)}
      from (select *
              from crm_links l
             where workspace_id = ${workspace_id} and not let_go
               ${connection_id === undefined ? sql`` : sql`and connection_id = ${connection_id}`}
               ${state === undefined ? sql`` : sql`and state = ${state}`}
               ${due === undefined ? sql`` : due ? sql`and due` : sql`and not due`}
               ${q === undefined ? sql`` : sql`and ${found(sql, workspace_id, q.trim())}`}
               ${after ? sql`and (connection_id, contact_id) > (${after[0]}, ${after[1]})` : sql``}
             order by connection_id, contact_id
             limit ${limit + 1}) l
      join crm_connections k on k.workspace_id = ${workspace_id} and k.id = l.connection_id
      join contacts own on own.workspace_id = ${workspace_id} and own.id = l.contact_id
      join contacts c on c.workspace_id = ${workspace_id} and c.id = own.whole_id
     order by l.connection_id, l.contact_id`
  return pageOf(rows, limit, last => [last.connection_id, last.contact_id])
}

/** Exactly: an e-mail, an id of ours, or one of the CRM. Each by its own index: together in one condition they would read all links. */
function found(sql: Sql, workspace_id: number, q: string) {
  const id = /^\d{1,9}$/.test(q) ? Number(q) : null
  return sql`(l.connection_id, l.contact_id) in (
               select i.connection_id, i.contact_id
                 from crm_connections k
                 join crm_links i on i.workspace_id = k.workspace_id and i.connection_id = k.id and i.external_id = ${q}
                where k.workspace_id = ${workspace_id}
                union
               select i.connection_id, i.contact_id
                 from (select ${id}::int as id
                        union
                       select m.id
                         from contacts e
                         join contacts m on m.workspace_id = e.workspace_id and m.whole_id = e.id
                        where e.workspace_id = ${workspace_id} and e.email = ${normalizeEmail(q) ?? q} and e.merged_into is null) c
                 join crm_links i on i.workspace_id = ${workspace_id} and i.contact_id = c.id)`
}

/**
 * Ids that another system knows: of members who are in a CRM already, before a migration run. The CRM is taken to know their e-mail. Returns
 * how many were stored, and those that were not with the reason. Set-based: four statements for a thousand.
 */
export async function putLinks(
  sql: postgres.TransactionSql,
  workspace_id: number,
  connection_id: number,
  given: CrmLinkPut[],
  actor: Actor,
) {
  // Two who give the same id take turns: the second is told who has it.
  const [connection] = await sql`
    select id from crm_connections where workspace_id = ${workspace_id} and id = ${connection_id} for no key update`
  if (!connection) throw refuse('not_found')
  const rows = given.map((link, index) => ({
    index,
    ...link,
    email: link.email === undefined ? null : normalizeEmail(link.email),
  }))
  const stored = await sql<{ index: number; contact_id: number | null; problem: string | null }[]>`
    with given as (
      select r.*, row_number() over (partition by external_id order by index) as nth
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
          as r(index int, contact_id int, email text, user_id text, external_id text)
    ), found as (
      select g.index, g.external_id, g.nth, c.id, c.email, row_number() over (partition by c.id order by g.index) as nth_of_contact
        from given g
        left join lateral (
               select w.id, w.email
                 from contacts o
                 join contacts w on w.workspace_id = o.workspace_id and w.id = o.whole_id
                where o.workspace_id = ${workspace_id}
                  and case when g.contact_id is not null then o.id = g.contact_id
                           when g.user_id is not null then o.user_id = g.user_id
                           else o.email = g.email and o.merged_into is null end
                limit 1) c on true
    ), judged as (
      select f.*, l.contact_id as other,
             case when f.id is null then 'Nobody with this contact_id, user_id or email is known here.'
                  when f.nth > 1 then 'This id stands in the list twice.'
                  when f.nth_of_contact > 1 then 'This contact stands in the list twice.'
                  when l.contact_id is not null and l.contact_id <> f.id then 'This id is linked with contact ' || l.contact_id || '.' end as problem
        from found f
        left join crm_links l
          on l.workspace_id = ${workspace_id} and l.connection_id = ${connection_id} and l.external_id = f.external_id
    ), stored as (
      insert into crm_links (workspace_id, connection_id, contact_id, external_id, state, told, due)
      select ${workspace_id}, ${connection_id}, id, external_id, 'WroteSalesforceAppUserUid',
             jsonb_strip_nulls(jsonb_build_object('email', email)), false
        from judged
       where problem is null
      on conflict (workspace_id, connection_id, contact_id) do update
         set external_id = excluded.external_id, state = excluded.state, told = excluded.told, due = false, let_go = false, error = null,
             updated_at = now()
    )
    select index, id as contact_id, problem from judged order by index`
  const count = stored.filter(({ problem }) => problem === null).length
  if (count > 0) {
    const after = { links: count }
    await recordActivities(sql, workspace_id, [
      { action: 'crm_connection.links_imported', actor, subject_id: connection_id, after },
    ])
  }
  return {
    stored: count,
    refused: stored.flatMap(({ index, problem }) => (problem === null ? [] : [{ index, message: problem }])),
  }
}

/** Tells every sign-up again that the CRM did not take. Throws `not_found`. */
export async function tellAgain(sql: postgres.TransactionSql, workspace_id: number, connection_id: number): Promise<number> {
  const [connection] = await sql`select id from crm_connections where workspace_id = ${workspace_id} and id = ${connection_id}`
  if (!connection) throw refuse('not_found')
  const links = await sql`
    update crm_links
       set due = true, state = case when external_id is null then 'UserCreated' else state end, failures = 0, version = version + 1
     where workspace_id = ${workspace_id} and connection_id = ${connection_id}
       and (state in ('WroteSalesforceErrorToDb', 'LoggedDbFailure') or error is not null) and not let_go`
  const emails = await sql`
    update crm_subscriptions
       set due = true, failures = 0, version = version + 1
     where workspace_id = ${workspace_id} and connection_id = ${connection_id} and error is not null`
  await tellEverything(sql, workspace_id, connection_id)
  return links.count + emails.count
}

/**
 * Lets go of the id that a contact has in a CRM, which is told nothing: of spam that a migration did not find, or of an id that was wrong. They
 * are not added again by themselves, but may be given an id by an import or a run. A run
 * that is resumed leaves them out. Throws `not_found`.
 */
export async function dropLink(
  sql: postgres.TransactionSql,
  workspace_id: number,
  connection_id: number,
  contact_id: number,
  actor: Actor,
): Promise<void> {
  const [link] = await sql<{ external_id: string | null }[]>`
    with link as (
      select contact_id, external_id
        from crm_links
       where workspace_id = ${workspace_id} and connection_id = ${connection_id} and contact_id = ${contact_id} and not let_go
         for update
    )
    update crm_links l
       set external_id = null, state = 'UserCreated', told = '{}', due = false, let_go = true, failures = 0, error = null,
           version = version + 1, updated_at = now()
      from link
     where l.workspace_id = ${workspace_id} and l.connection_id = ${connection_id} and l.contact_id = link.contact_id
    returning link.external_id`
  if (!link) throw refuse('not_found')
  const before = { connection_id, ...link }
  await recordActivities(sql, workspace_id, [
    { action: 'contact.crm_unlinked', actor, contact_id, subject_id: connection_id, before },
  ])
}
