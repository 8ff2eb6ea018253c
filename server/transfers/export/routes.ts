import Type from 'typebox'
import { Export, ExportAsk, ExportCreate, ExportPreview } from '../../../shared/exports.ts'
import { limitReading } from '../../database/limits.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { refuse } from '../../errors.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { mayExport } from '../may.ts'
import { sendFile } from './file.ts'
import { findExport, mayFetch, showExport } from './find.ts'
import { readFileLink } from './link.ts'
import { previewExport } from './preview.ts'
import type { Sources } from './sources.ts'
import { startExport } from './start.ts'

const FileQuery = Type.Object(
  { token: Type.Optional(Type.String({ maxLength: 300, description: 'of a link; without, a session or a key' })) },
  { additionalProperties: false },
)

/** Lists and reports as files: asked for, written by a worker, fetched whole or in parts. */
export async function exportRoutes(app: App, context: Context, sources: Sources) {
  const { database, config } = context
  const tags = ['transfers']

  app.post(
    '/exports',
    {
      schema: {
        tags,
        summary: 'Export a list or a report as a file',
        description:
          'Any list or report with its filters, or contacts or leads by their ids, as CSV or JSON lines. Ask for the export until its `file` is there. ' +
          'Stop it like any other transfer.',
        body: ExportCreate,
        response: answers(201, Export),
      },
    },
    async (request, reply) => {
      const caller = await authorize(context, request, 'read')
      const { workspace_id, actor } = caller
      if (!mayExport(caller, request.body.of)) throw refuse('forbidden')
      limitReading(undefined) // as for every change; the work itself sees what they see
      return answerOnce(database, { workspace_id, request, reply }, 201, async sql => {
        const id = await startExport(sql, workspace_id, sources, request.body, actor)
        return showExport(config, await findExport(sql, workspace_id, id), caller)
      })
    },
  )

  app.post(
    '/exports/preview',
    {
      schema: {
        tags,
        summary: 'See how many rows a file would have, and which columns it can have',
        body: ExportAsk,
        response: answers(200, ExportPreview),
      },
    },
    async request => {
      const caller = await authorize(context, request, 'read')
      if (!mayExport(caller, request.body.of)) throw refuse('forbidden')
      return previewExport(database, caller.workspace_id, sources, request.body)
    },
  )

  app.get(
    '/exports/:id',
    { schema: { tags, summary: 'Read an export, with a link to its file', params, response: answers(200, Export) } },
    async request => {
      const caller = await authorize(context, request, 'read')
      const { workspace_id } = caller
      const found = await inWorkspace(database, workspace_id, sql => findExport(sql, workspace_id, request.params.id))
      return showExport(config, found, caller)
    },
  )

  app.get(
    '/exports/:id/file',
    {
      compress: false, // a part of what was compressed is no part of the file
      schema: {
        tags,
        summary: 'Fetch the file of an export, or a part of it',
        description:
          'With a session, a key, or the `token` of a link. `Range` asks for a part (206, or 416 `no_such_range`), `If-Range` with the `ETag` for it only if ' +
          'the file is the same. `curl -C - -O` goes on where it was cut off.',
        params,
        querystring: FileQuery,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { token } = request.query
      const linked = token === undefined ? undefined : readFileLink(config, id, token)
      if (token !== undefined && linked === undefined)
        throw refuse('forbidden', {
          message: 'This link is too old, or was changed on its way. Read the export again for a new one.',
        })
      const caller = linked === undefined ? await authorize(context, request, 'read') : undefined
      const workspace_id = linked ?? caller!.workspace_id
      const found = await inWorkspace(database, workspace_id, sql => findExport(sql, workspace_id, id))
      if (caller && !mayFetch(found, caller))
        throw refuse('forbidden', { message: 'The file is for who asked for it, and for admins. Export the list yourself.' })
      return sendFile(database, workspace_id, found, request, reply)
    },
  )
}
