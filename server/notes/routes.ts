import { Note, NoteCreate, NotesQuery, NoteUpdate } from '../../shared/notes.ts'
import { Page } from '../../shared/shape.ts'
import { isLimited } from '../database/limits.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { findNote, listNotes } from './list.ts'
import { createNote, editNote, removeNote, restoreNote } from './write.ts'

const tags = ['notes']

export async function noteRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/notes',
    {
      schema: {
        tags,
        summary: 'List notes: pinned ones first, then the newest',
        description: 'Of a contact with those who are part of it, of a lead, or of all. `q` finds words.',
        querystring: NotesQuery,
        response: answers(200, Page(Note)),
      },
    },
    async request => {
      const caller = await authorize(context, request, 'read')
      const { query } = request
      // As contacts are searched (server/contacts/list.ts).
      return query.q === undefined || isLimited()
        ? inWorkspace(database, caller.workspace_id, sql => listNotes(sql, caller, query))
        : listNotes(database.system, caller, query)
    },
  )

  app.post(
    '/notes',
    { schema: { tags, summary: 'Write a note', body: NoteCreate, response: answers(201, Note) } },
    async (request, reply) => {
      const caller = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id: caller.workspace_id, request, reply }, 201, sql =>
        createNote(sql, caller, request.body),
      )
    },
  )

  app.get('/notes/:id', { schema: { tags, summary: 'Read a note', params, response: answers(200, Note) } }, async request => {
    const caller = await authorize(context, request, 'read')
    return inWorkspace(database, caller.workspace_id, sql => findNote(sql, caller, request.params.id))
  })

  app.patch(
    '/notes/:id',
    { schema: { tags, summary: 'Rewrite or pin a note', params, body: NoteUpdate, response: answers(200, Note) } },
    async request => {
      const caller = await authorize(context, request, 'update')
      return inWorkspace(database, caller.workspace_id, sql => editNote(sql, caller, request.params.id, request.body))
    },
  )

  app.delete(
    '/notes/:id',
    { schema: { tags, summary: 'Delete a note; it can be taken back', params, response: answers(204, Nothing) } },
    async (request, reply) => {
      const caller = await authorize(context, request, 'update')
      await inWorkspace(database, caller.workspace_id, sql => removeNote(sql, caller, request.params.id))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/notes/:id/undo',
    { schema: { tags, summary: 'Take back that a note was deleted', params, response: answers(200, Note) } },
    async (request, reply) => {
      const caller = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id: caller.workspace_id, request, reply }, 200, sql =>
        restoreNote(sql, caller, request.params.id),
      )
    },
  )
}
