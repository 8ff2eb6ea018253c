import type postgres from 'postgres'
import type { Note, NotesQuery } from '../../shared/notes.ts'
import { familyOf } from '../contacts/find.ts'
import { searchWords } from '../contacts/search.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import type { Caller } from '../workspaces/authenticate.ts'

/**
 * Pinned ones first, then the newest. With `q`, `sql` should be of the system's role: the index of words is kept from others behind row level
 * security (server/contacts/list.ts).
 */
export async function listNotes(sql: Sql, caller: Caller, { limit = 50, cursor, contact_id, lead_id, q }: NotesQuery) {
  const { workspace_id } = caller
  const [pinned, id] = readCursor(cursor, 'integer', 'integer') ?? []
  const family = contact_id === undefined ? undefined : await familyOf(sql, workspace_id, contact_id)
  const words = searchWords(sql, q)
  const rows = await readNotes(
    sql,
    caller,
    sql`
       and n.deleted_at is null ${words.length === 0 ? sql`` : words}
       ${family === undefined ? sql`` : sql`and n.contact_id = any(${family}::int[])`}
       ${lead_id === undefined ? sql`` : sql`and n.lead_id = ${lead_id}`}
       ${pinned === undefined ? sql`` : sql`and ((n.pinned_at is not null)::int, n.id) < (${pinned}::int, ${id!}::int)`}
     order by (n.pinned_at is not null)::int desc, n.id desc
     limit ${limit + 1}`,
  )
  return pageOf(rows, limit, last => [Number(last.is_pinned), last.id])
}

/** A deleted one too, as it can be taken back. Throws `not_found`. */
export async function findNote(sql: Sql, caller: Caller, id: number): Promise<Note> {
  const [note] = await readNotes(sql, caller, sql`and n.id = ${id}`)
  if (!note) throw refuse('not_found')
  return note
}

function readNotes(sql: Sql, { workspace_id, actor, scopes }: Caller, rest: postgres.Fragment) {
  return sql<Note[]>`
    select n.id, c.whole_id as contact_id, coalesce(w.name, w.email, w.phone) as contact_name, n.lead_id, n.body, n.author,
           n.pinned_at is not null as is_pinned, n.created_at, n.edited_at, n.deleted_at,
           ${scopes.includes('admin')} or (n.author->>'kind' = ${actor.kind} and (n.author->>'id')::int = ${actor.id ?? null}::int) is true
             as may_change
      from notes n
      join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
      join contacts w on w.workspace_id = n.workspace_id and w.id = c.whole_id
     where n.workspace_id = ${workspace_id} ${rest}`
}
