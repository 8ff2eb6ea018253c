import type postgres from 'postgres'
import type { Note, NoteCreate, NoteUpdate } from '../../shared/notes.ts'
import { recordActivities } from '../activities/record.ts'
import { refuse } from '../errors.ts'
import type { Caller } from '../workspaces/authenticate.ts'
import { findNote } from './list.ts'

/** On a contact, or on a lead and its contact. Throws `invalid_fields`. */
export async function createNote(
  sql: postgres.TransactionSql,
  caller: Caller,
  { body, is_pinned = false, ...about }: NoteCreate,
): Promise<Note> {
  const { workspace_id, actor } = caller
  const contact_id = await whomAbout(sql, workspace_id, about)
  const [made] = await sql<{ id: number }[]>`
    insert into notes (workspace_id, contact_id, lead_id, body, author, pinned_at)
    values (${workspace_id}, ${contact_id}, ${about.lead_id ?? null}, ${clean(body)}, ${JSON.stringify(actor)}::text::jsonb,
            case when ${is_pinned} then now() end)
    returning id`
  const note = await findNote(sql, caller, made!.id)
  await recordActivities(sql, workspace_id, [
    { action: 'note.created', actor, contact_id: note.contact_id, subject_id: note.id, after: said(note) },
  ])
  return note
}

/** Whoever may change records pins it; the text is its author's. Throws `not_found`, `forbidden`. */
export async function editNote(sql: postgres.TransactionSql, caller: Caller, id: number, given: NoteUpdate): Promise<Note> {
  const { workspace_id, actor } = caller
  const was = await lockNote(sql, caller, id)
  if (was.deleted_at !== null) throw refuse('not_found')
  const body = given.body === undefined ? was.body : clean(given.body)
  const is_pinned = given.is_pinned ?? was.is_pinned
  if (body !== was.body) requireOwn(was)
  if (body === was.body && is_pinned === was.is_pinned) return was
  await sql`
    update notes
       set body = ${body}, edited_at = case when body <> ${body} then now() else edited_at end, updated_at = now(),
           pinned_at = case when ${is_pinned} then coalesce(pinned_at, now()) end
     where workspace_id = ${workspace_id} and id = ${id}`
  const note = await findNote(sql, caller, id)
  await recordActivities(sql, workspace_id, [
    { action: 'note.updated', actor, contact_id: note.contact_id, subject_id: id, before: said(was), after: said(note) },
  ])
  return note
}

/** It can be taken back. Throws `not_found`, `forbidden`. */
export async function removeNote(sql: postgres.TransactionSql, caller: Caller, id: number): Promise<void> {
  const { workspace_id, actor } = caller
  const note = await lockNote(sql, caller, id)
  if (note.deleted_at !== null) throw refuse('not_found')
  requireOwn(note)
  await sql`update notes set deleted_at = now(), updated_at = now() where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [
    { action: 'note.deleted', actor, contact_id: note.contact_id, subject_id: id, before: said(note) },
  ])
}

/** Throws `not_found`, `forbidden`; `already_undone` for one that is not deleted. */
export async function restoreNote(sql: postgres.TransactionSql, caller: Caller, id: number): Promise<Note> {
  const { workspace_id, actor } = caller
  const note = await lockNote(sql, caller, id)
  if (note.deleted_at === null) throw refuse('already_undone')
  requireOwn(note)
  await sql`update notes set deleted_at = null, updated_at = now() where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [
    { action: 'note.restored', actor, contact_id: note.contact_id, subject_id: id, after: said(note) },
  ])
  return findNote(sql, caller, id)
}

/** The contact, of a merged one the one that is left; of a lead the one that it was made for. */
async function whomAbout(sql: postgres.TransactionSql, workspace_id: number, { contact_id, lead_id }: Partial<NoteCreate>) {
  if ((contact_id === undefined) === (lead_id === undefined))
    throw refuse('invalid_fields', { fields: { contact_id: 'or a lead_id is required, and not both' } })
  const [contact] = await sql<{ id: number }[]>`
    select c.whole_id as id
      from contacts c
     where c.workspace_id = ${workspace_id}
       and c.id = ${contact_id ?? sql`(select contact_id from leads where workspace_id = ${workspace_id} and id = ${lead_id!})`}`
  if (contact) return contact.id
  throw refuse('invalid_fields', {
    fields:
      contact_id === undefined ? { lead_id: 'is no lead of this workspace' } : { contact_id: 'is no contact of this workspace' },
  })
}

async function lockNote(sql: postgres.TransactionSql, caller: Caller, id: number) {
  await sql`select from notes where workspace_id = ${caller.workspace_id} and id = ${id} for update`
  return findNote(sql, caller, id)
}

function requireOwn({ may_change }: Note) {
  if (!may_change)
    throw refuse('forbidden', {
      message: 'Only who wrote a note and administrators rewrite or delete it. Write one of your own.',
    })
}

function clean(body: string) {
  return body.replace(/\r\n?/g, '\n').replaceAll('\0', '').trim()
}

/** How it begins is enough to know it again. */
function said({ id, lead_id, body, is_pinned }: Note) {
  return { note_id: id, lead_id, body: body.length <= MOST ? body : `${[...body].slice(0, MOST).join('')} …`, is_pinned }
}

const MOST = 500
