import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'
import { keepAside } from './fallback.ts'
import { isAllowed } from './lists/allowed.ts'
import { type CrmFailure, logFailures } from './log.ts'
import type { Means, OpenConnection } from './open.ts'
import { type CrmError, type CrmResult, failed } from './result.ts'
import { type Failure, failureOf, remembered } from './retry.ts'
import { type Mark, settle, type Told, taken, writeLink } from './write-link.ts'

/** A link with what is true now of the person, who may have been merged into another contact since. */
type Link = {
  contact_id: number
  external_id: string | null
  told: Told
  version: number
  failures: number
  language: string | null
  email: string | null
  first_name: string | null
  last_name: string | null
  properties: Record<string, unknown>
  /** Whom they were merged with is known there, or is added before them: the person's e-mail is told to that record. */
  is_known: boolean
  mark: Mark | null
  lists: string[]
}

/**
 * Tells a CRM what it does not know yet of a contact: that they signed up, that their e-mail is another, that they were marked. Whatever is
 * sent may have been sent before; whatever fails stands in the log. Null when all of it was told, or a newer job tells it.
 */
export async function tellContact(
  means: Means,
  connection: OpenConnection,
  contact_id: number,
  version_asked: number,
): Promise<Failure | null> {
  for (let turn = 0; turn < 3; turn++) {
    const link = await readLink(means.sql, connection, contact_id)
    if (!link || (turn === 0 && link.version > version_asked)) return null
    const failure =
      link.external_id === null ? await add(means, connection, link) : await change(means, connection, link, link.external_id)
    if (failure) return failure // and else once more: something may have changed while it was told
  }
  return null
}

/** UserCreated -> RequestAddToSalesforce -> WroteSalesforceAppUserUid | WroteSalesforceErrorToDb | LoggedDbFailure, as in seed 003. */
async function add(means: Means, connection: OpenConnection, link: Link): Promise<Failure | null> {
  const { sql } = means
  const { contact_id, email, first_name, last_name, language, lists, properties } = link
  if (email === null) return endWithout(sql, connection, link, 'has no e-mail by which the CRM could know them')
  if (link.is_known) return endWithout(sql, connection, link, 'was merged with somebody whom the CRM knows')
  await noteRequest(sql, connection, contact_id)
  const added = await connection.manager.addUser({ contact_id, email, first_name, last_name, language, lists, properties })
  const at = new Date()
  try {
    if (!added.ok) return await fail(sql, connection, link, 'add_user', added.error, at)
    const other = await writeLink(sql, connection, { ...link, email }, added.value.external_id)
    if (other === null) return null
    return await fail(sql, connection, link, 'add_user', taken(added.value.external_id, other), at)
  } catch (error) {
    // What the database cannot keep is kept beside it (crm replay-log); the job comes again, and the CRM finds whom it added.
    const external_id = added.ok ? added.value.external_id : null
    const result = added.ok ? failed('unexpected', `It could not be written down here: ${inWords(error)}`).error : added.error
    await keepAside(means.config, {
      ...failureAt(connection, contact_id, 'add_user', result, at),
      state: 'LoggedDbFailure',
      external_id,
    })
    throw error
  }
}

async function change(means: Means, connection: OpenConnection, link: Link, external_id: string): Promise<Failure | null> {
  const { sql } = means
  const { manager, spam_policy } = connection
  const { told, email, mark, contact_id, is_known } = link
  if (told.deleted) return settle(sql, connection, link, {})
  if (mark !== (told.mark ?? null)) {
    const marked: CrmResult<{ deleted: boolean } | null> =
      mark === 'spam'
        ? await manager.markAsSpam(external_id, spam_policy)
        : mark === 'review'
          ? await manager.markForReview(external_id)
          : DONE
    if (!marked.ok) return fail(sql, connection, link, 'mark', marked.error, new Date())
    return settle(sql, connection, link, { mark, ...(marked.value?.deleted && { deleted: true }) })
  }
  if (email !== null && email !== told.email && !is_known) {
    const changed = await manager.changeUserEmail(external_id, email)
    if (!changed.ok) return fail(sql, connection, link, 'change_email', changed.error, new Date())
    return settle(sql, connection, link, { email })
  }
  await sql`
    update crm_links
       set due = false
     where workspace_id = ${connection.workspace_id} and connection_id = ${connection.id} and contact_id = ${contact_id}
       and version = ${link.version}`
  return null
}

const DONE: CrmResult<null> = { ok: true, value: null }

async function readLink(sql: Sql, { workspace_id, id }: OpenConnection, contact_id: number): Promise<Link | undefined> {
  const [link] = await sql<Link[]>`
    select l.contact_id, l.external_id, l.told, l.version, l.failures, l.language, c.email, c.first_name, c.last_name,
           l.said || properties_of(c.traits) as properties, k.mark,
           exists (select
                     from contacts m
                     join crm_links o on o.workspace_id = m.workspace_id and o.connection_id = l.connection_id and o.contact_id = m.id
                    where m.workspace_id = own.workspace_id and m.whole_id = own.whole_id and m.id <> own.id
                      and (o.external_id is null, m.id <> m.whole_id, m.id)
                          < (l.external_id is null, own.id <> own.whole_id, own.id)) as is_known,
           coalesce((select array_agg(m.name order by m.name)
                       from mailing_list_members j
                       join mailing_lists m on m.workspace_id = j.workspace_id and m.id = j.list_id
                      where j.workspace_id = l.workspace_id and j.email = c.email and j.left_at is null
                        and ${isAllowed(sql, sql`c.id`)}), '{}') as lists
      from crm_links l
      join contacts own on own.workspace_id = l.workspace_id and own.id = l.contact_id
      join contacts c on c.workspace_id = own.workspace_id and c.id = own.whole_id
      left join crm_marks k on k.workspace_id = c.workspace_id and k.contact_id = c.id
     where l.workspace_id = ${workspace_id} and l.connection_id = ${id} and l.contact_id = ${contact_id} and l.due`
  return link
}

async function noteRequest(sql: Sql, { workspace_id, id }: OpenConnection, contact_id: number) {
  await sql`
    update crm_links
       set state = 'RequestAddToSalesforce', updated_at = now()
     where workspace_id = ${workspace_id} and connection_id = ${id} and contact_id = ${contact_id} and external_id is null`
}

/**
 * Logged, and noted with the link, in one transaction. A link that changed meanwhile stays as it is: what it says now is told by a job of its
 * own.
 */
async function fail(
  sql: postgres.Sql,
  connection: OpenConnection,
  { contact_id, failures, external_id, version }: Link,
  operation: CrmFailure['operation'],
  error: CrmError,
  at: Date,
): Promise<Failure> {
  const failure = failureOf(error, failures)
  const is_refused = failure.again_in === null && external_id === null
  await sql.begin(async tx => {
    await logFailures(tx, [failureAt(connection, contact_id, operation, error, at)])
    await tx`
      update crm_links
         set ${tx(remembered(failure, failures))}, updated_at = now(),
             state = ${is_refused ? tx`'WroteSalesforceErrorToDb'` : tx`state`}
       where workspace_id = ${connection.workspace_id} and connection_id = ${connection.id} and contact_id = ${contact_id}
         and version = ${version}`
  })
  return failure
}

/** Nobody is asked, and nothing failed: it is as it was before somebody tried. */
async function endWithout(sql: Sql, { workspace_id, id }: OpenConnection, { contact_id, version }: Link, why: string) {
  await sql`
    update crm_links
       set state = 'UserCreated', due = false, error = ${why}, updated_at = now()
     where workspace_id = ${workspace_id} and connection_id = ${id} and contact_id = ${contact_id} and version = ${version}`
  return null
}

function failureAt(
  connection: OpenConnection,
  contact_id: number,
  operation: CrmFailure['operation'],
  error: CrmError,
  at: Date,
) {
  const { workspace_id, id: connection_id, provider } = connection
  return { workspace_id, connection_id, provider: provider.name, contact_id, operation, error, at }
}

function inWords(error: unknown) {
  return error instanceof Error ? error.message : String(error)
}
