import type { Sql } from '../database/connect.ts'
import { enqueue, enqueueAll } from '../queue/enqueue.ts'

/** Who is told in the background (tell.ts): jobs for each connection, so that a CRM that is slow holds up no other. */
export const TELL_QUEUE = 'crm_tell'

/**
 * One contact, one e-mail, everybody who waits, from a place on, or everybody who signed up before there was a CRM. A job is of the version of
 * its link that it was asked for: when that changed again, a newer job tells of it, and this one has nothing to do.
 */
export type TellJob =
  | { contact_id: number; version: number }
  | { email: string; version: number }
  | { after: { contact_id: number; email: string } }
  | { earlier_after: number }

export type Due = { workspace_id: number; connection_id: number; version: number } & ({ contact_id: number } | { email: string })

/** Asks for it in the caller's transaction. */
export async function tellLater(sql: Sql, due: Due[]): Promise<void> {
  await enqueueAll(
    sql,
    due.map(({ workspace_id, connection_id, ...payload }) => ({ ...placeOf(workspace_id, connection_id), payload })),
  )
}

/** All that waits for a connection, which was switched on or set up anew: found and asked for in the background. */
export async function tellEverything(sql: Sql, workspace_id: number, connection_id: number): Promise<void> {
  await enqueue(sql, { ...placeOf(workspace_id, connection_id), payload: { after: { contact_id: 0, email: '' } } })
}

/** Those who signed up before, from this contact on (add-earlier.ts). */
export async function addLater(sql: Sql, workspace_id: number, connection_id: number, earlier_after: number): Promise<void> {
  await enqueue(sql, { ...placeOf(workspace_id, connection_id), payload: { earlier_after } })
}

const CHUNK = 500

/** The next of those who wait, and itself again while there are more. */
export async function spread(
  sql: Sql,
  workspace_id: number,
  connection_id: number,
  after: { contact_id: number; email: string },
) {
  const links = await sql<{ contact_id: number; version: number }[]>`
    select contact_id, version
      from crm_links
     where workspace_id = ${workspace_id} and connection_id = ${connection_id} and due and contact_id > ${after.contact_id}
     order by contact_id
     limit ${CHUNK}`
  const emails = await sql<{ email: string; version: number }[]>`
    select email, version
      from crm_subscriptions
     where workspace_id = ${workspace_id} and connection_id = ${connection_id} and due and email > ${after.email}
     order by email
     limit ${CHUNK}`
  await tellLater(
    sql,
    [...links, ...emails].map(one => ({ workspace_id, connection_id, ...one })),
  )
  if (links.length < CHUNK && emails.length < CHUNK) return
  const next = { contact_id: links.at(-1)?.contact_id ?? after.contact_id, email: emails.at(-1)?.email ?? after.email }
  await enqueue(sql, { ...placeOf(workspace_id, connection_id), payload: { after: next } })
}

export function connectionOf(key: string): number {
  return Number(key.replace('connection ', ''))
}

function placeOf(workspace_id: number, connection_id: number) {
  return { workspace_id, queue: TELL_QUEUE, key: `connection ${connection_id}` }
}
