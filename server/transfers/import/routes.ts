import { Readable } from 'node:stream'
import {
  Import,
  ImportPreview,
  ImportRow,
  ImportRowsQuery,
  ImportTargets,
  ImportTargetsQuery,
  ImportUpdate,
  ImportUpload,
} from '../../../shared/imports.ts'
import { Page } from '../../../shared/shape.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { authorizeFile, authorizeImport } from './authorize.ts'
import { failedLines } from './failed.ts'
import { NOUNS } from './nouns.ts'
import { forgetFile, receiveFile } from './receive.ts'
import { listImportRows, previewImport } from './rows.ts'
import { editImport, findImport, readStay } from './settings.ts'
import { checkImport, revertImport, writeImport } from './start.ts'

const tags = ['transfers']

/** A file on its way to contacts or leads: sent, mapped, tried, written, taken back. How far it is and its end are of `/transfers`. */
export async function importRoutes(app: App, context: Context) {
  const { database } = context
  await app.register(async (scope: App) => uploadRoute(scope, context))

  app.get(
    '/import-targets',
    {
      schema: {
        tags,
        summary: 'List what a column of a file can fill',
        querystring: ImportTargetsQuery,
        response: answers(200, ImportTargets),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { of = 'contacts' } = request.query
      return inWorkspace(database, workspace_id, async sql => ({ data: await NOUNS[of].targets(sql, workspace_id) }))
    },
  )

  app.get(
    '/imports/:id',
    { schema: { tags, summary: 'Read an import: its file, its mapping, how far it is', params, response: answers(200, Import) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findImport(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/imports/:id',
    {
      schema: {
        tags,
        summary: 'Say how a file is read and written',
        description: 'A column that is not named is left out.',
        params,
        body: ImportUpdate,
        response: answers(200, Import),
      },
    },
    async request => {
      const { workspace_id } = await authorizeImport(context, request, request.params.id)
      return inWorkspace(database, workspace_id, sql => editImport(sql, workspace_id, request.params.id, request.body))
    },
  )

  app.get(
    '/imports/:id/preview',
    { schema: { tags, summary: 'See how the first rows are read', params, response: answers(200, ImportPreview) } },
    async request => {
      const { workspace_id } = await authorizeImport(context, request, request.params.id)
      return inWorkspace(database, workspace_id, sql => previewImport(sql, workspace_id, request.params.id))
    },
  )

  const steps = [
    ['check', 'Try an import: counts and reasons, and nothing is written', checkImport],
    ['run', 'Write an import', writeImport],
    ['revert', 'Take an import back, where nobody changed anything since', revertImport],
  ] as const
  for (const [verb, summary, start] of steps) {
    app.post(
      `/imports/:id/${verb}`,
      { schema: { tags, summary, params, response: answers(200, Import) } },
      async (request, reply) => {
        const caller = await authorizeImport(context, request, request.params.id)
        const { workspace_id } = caller
        return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
          start(sql, workspace_id, request.params.id, caller),
        )
      },
    )
  }

  app.get(
    '/imports/:id/rows',
    {
      schema: {
        tags,
        summary: 'List what became of the rows',
        params,
        querystring: ImportRowsQuery,
        response: answers(200, Page(ImportRow)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, async sql => {
        await readStay(sql, workspace_id, request.params.id)
        return listImportRows(sql, workspace_id, request.params.id, request.query)
      })
    },
  )

  app.get(
    '/imports/:id/failed.csv',
    {
      schema: {
        tags,
        summary: 'Read the rows that were not written as a file',
        description: 'As they came, with the reason in the last column. Mend them there and send the file again.',
        params,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { workspace_id } = await authorizeImport(context, request, id)
      const { headers } = await inWorkspace(database, workspace_id, sql => readStay(sql, workspace_id, id))
      reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="import ${id} not written.csv"`)
      return reply.send(Readable.from(failedLines(database, workspace_id, id, headers)))
    },
  )
}

/** The file is the body, whatever its type says; what it is shows by its bytes. */
async function uploadRoute(app: App, context: Context) {
  const { database } = context
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, body, done) => done(null, body))
  app.post(
    '/imports',
    {
      schema: {
        tags,
        summary: 'Send a file of contacts or leads',
        description:
          'CSV, with any separator and in any encoding, or JSON lines; packed by gzip or not; of any length. The body is the file itself. Nothing is ' +
          'written yet: the answer is a first mapping.',
        querystring: ImportUpload,
        response: answers(201, Import),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorizeFile(context, request, request.query.of)
      const body = request.body as AsyncIterable<Buffer> | null | undefined
      const id = await receiveFile(database, workspace_id, body ?? Readable.from([]), request.query, actor)
      // The same file once more under its key is answered by the first, and the second is let go.
      request.body = null
      const answer = await answerOnce(database, { workspace_id, request, reply }, 201, sql => findImport(sql, workspace_id, id))
      if (answer.id !== id) await forgetFile(database, workspace_id, id)
      return answer
    },
  )
}
