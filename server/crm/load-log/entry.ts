import type postgres from 'postgres'
import type { LogEntry } from '../connectors/log/entry.ts'
import type { OpenConnection } from '../open.ts'
import { type CrmError, type CrmResult, failed } from '../result.ts'
import { settle, taken, writeLink } from '../write-link.ts'
import { noteTold, wantedLists } from './lists.ts'
import { findPerson, type Person, prepareLink, refuseLink } from './person.ts'

export type Loading = {
  sql: postgres.Sql
  connection: OpenConnection
  /** Asks again what passes by itself. */
  ask<T>(verb: () => Promise<CrmResult<T>>): Promise<CrmResult<T>>
}

/** What became of a line: what was told, that there was nothing to tell, or why it could not be. */
export type Outcome =
  | 'added'
  | 'email_changed'
  | 'subscribed'
  | 'marked'
  | 'nothing_new'
  | { contact_id: number | null; error: CrmError }

type Of<O extends LogEntry['operation']> = Extract<LogEntry, { operation: O }>

/**
 * Does in the CRM what stands in a line, for the person whom its contact is a part of now. Whoever was deleted here is not added there, nor
 * is put on a list that they left, or marked where the mark was taken back.
 */
export function loadEntry(loading: Loading, entry: LogEntry): Promise<Outcome> {
  switch (entry.operation) {
    case 'add_user':
      return add(loading, entry)
    case 'change_email':
      return changeEmail(loading, entry)
    case 'subscribe':
      return subscribe(loading, [entry.email], entry.lists, entry, null)
    case 'mark_as_spam':
    case 'mark_for_review':
      return mark(loading, entry)
  }
}

async function add(loading: Loading, { contact_id, user }: Of<'add_user'>): Promise<Outcome> {
  const { sql, connection, ask } = loading
  const person = await findPerson(sql, connection, contact_id)
  if (!person) return gone(contact_id)
  if (person.told.deleted) return 'nothing_new'
  if (person.external_id !== null) {
    const emails = [person.told.email ?? user.email, user.email]
    return subscribe(loading, emails, user.lists, user, person.contact_id)
  }
  const lists = await wantedLists(sql, connection, [user.email], user.lists)
  const version = await prepareLink(sql, connection, person, user)
  const added = await ask(() => connection.manager.addUser({ ...user, contact_id: person.contact_id, lists }))
  if (!added.ok) return refused(loading, person, added.error)
  const link = { contact_id: person.contact_id, email: user.email, version, lists }
  const other = await writeLink(sql, connection, link, added.value.external_id)
  return other === null ? 'added' : refused(loading, person, taken(added.value.external_id, other))
}

async function changeEmail(loading: Loading, { contact_id, email }: Of<'change_email'>): Promise<Outcome> {
  const person = await findLinked(loading, contact_id)
  if ('error' in person) return person
  const { told } = person
  // What the CRM was told since is newer than this line.
  if (told.deleted || told.email === email || (told.email !== undefined && told.email === person.email)) return 'nothing_new'
  const changed = await loading.ask(() => loading.connection.manager.changeUserEmail(person.external_id, email))
  if (!changed.ok) return { contact_id: person.contact_id, error: changed.error }
  await settle(loading.sql, loading.connection, person, { email })
  return 'email_changed'
}

async function mark(loading: Loading, entry: Of<'mark_as_spam' | 'mark_for_review'>): Promise<Outcome> {
  const { sql, connection, ask } = loading
  const person = await findLinked(loading, entry.contact_id)
  if ('error' in person) return person
  const wanted = entry.operation === 'mark_as_spam' ? 'spam' : 'review'
  if (person.told.deleted || person.told.mark === wanted || person.mark !== wanted) return 'nothing_new'
  // Deleted is only where both wanted that: the connection then, and this one now.
  const policy = 'policy' in entry && entry.policy === 'delete' ? connection.spam_policy : 'review'
  const marked: CrmResult<{ deleted: boolean } | null> = await ask<{ deleted: boolean } | null>(() =>
    wanted === 'spam'
      ? connection.manager.markAsSpam(person.external_id, policy)
      : connection.manager.markForReview(person.external_id),
  )
  if (!marked.ok) return { contact_id: person.contact_id, error: marked.error }
  await settle(sql, connection, person, { mark: wanted, ...(marked.value?.deleted && { deleted: true }) })
  return 'marked'
}

type Names = { first_name: string | null; last_name: string | null }

/** The first e-mail joins; lists that any of them was told are not told again. */
async function subscribe(
  { sql, connection, ask }: Loading,
  emails: string[],
  lists: string[],
  { first_name, last_name }: Names,
  contact_id: number | null,
): Promise<Outcome> {
  const wanted = await wantedLists(sql, connection, emails, lists)
  if (wanted.length === 0) return 'nothing_new'
  const told = await ask(() => connection.manager.addEmailToMailingLists(emails[0]!, wanted, { first_name, last_name }))
  if (!told.ok) return { contact_id, error: told.error }
  await noteTold(sql, connection, emails[0]!, wanted)
  return 'subscribed'
}

async function findLinked(
  { sql, connection }: Loading,
  contact_id: number | null,
): Promise<(Person & { external_id: string }) | { contact_id: number | null; error: CrmError }> {
  if (contact_id === null) return { contact_id, ...failed('not_found', 'It is about nobody whom this log added.') }
  const person = await findPerson(sql, connection, contact_id)
  if (!person) return gone(contact_id)
  const { external_id } = person
  if (external_id !== null) return { ...person, external_id }
  return {
    contact_id: person.contact_id,
    ...failed('not_found', `Contact ${person.contact_id} has no id in ${connection.name}.`),
  }
}

function gone(contact_id: number) {
  return { contact_id, ...failed('not_found', `Contact ${contact_id} was deleted here, and is not added anywhere else.`) }
}

/** As a sign-up that the CRM did not take: it is told again when somebody asks for that. */
async function refused({ sql, connection }: Loading, { contact_id }: Person, error: CrmError): Promise<Outcome> {
  await refuseLink(sql, connection, contact_id, error)
  return { contact_id, error }
}
