import Type from 'typebox'
import {
  AreaEntriesPage,
  AreaList,
  AreaListCreate,
  AreaLists,
  AreaListUpdate,
  AreaUpload,
  AreaUploaded,
} from '../../../shared/routing.ts'
import { ListQuery } from '../../../shared/shape.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import {
  createAreaList,
  findAreaList,
  listAreaLists,
  listEntries,
  removeAreaList,
  renameAreaList,
  uploadAreas,
} from './area-lists.ts'
import { areasIn } from './csv.ts'

const tags = ['routing']
const Paged = Type.Object(ListQuery, { additionalProperties: false })
/** A hundred thousand ZIP codes are less than 1 MB; names of states are longer. */
const LARGEST = 5 * 1_048_576

/** Areas that are too long for a rule of its own. */
export async function areaRoutes(app: App, context: Context) {
  const { database } = context
  // A file is read as text here and nowhere else; its lines become what JSON would have said.
  app.addContentTypeParser(
    ['text/csv', 'text/plain'],
    { parseAs: 'string', bodyLimit: LARGEST },
    async (_: unknown, text: string) => ({
      entries: areasIn(text),
    }),
  )

  app.get(
    '/area-lists',
    { schema: { tags, summary: 'List uploaded areas', response: answers(200, AreaLists) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listAreaLists(sql, workspace_id))
    },
  )

  app.post(
    '/area-lists',
    {
      bodyLimit: LARGEST,
      schema: { tags, summary: 'Make a list of areas', body: AreaListCreate, response: answers(201, AreaList) },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createAreaList(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.get(
    '/area-lists/:id',
    { schema: { tags, summary: 'Read a list of areas', params: SmallIdParams, response: answers(200, AreaList) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findAreaList(sql, workspace_id, request.params.id))
    },
  )

  app.get(
    '/area-lists/:id/entries',
    {
      schema: {
        tags,
        summary: 'Read what is in a list of areas',
        params: SmallIdParams,
        querystring: Paged,
        response: answers(200, AreaEntriesPage),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listEntries(sql, workspace_id, request.params.id, request.query))
    },
  )

  app.patch(
    '/area-lists/:id',
    {
      schema: {
        tags,
        summary: 'Rename a list of areas',
        params: SmallIdParams,
        body: AreaListUpdate,
        response: answers(200, AreaList),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, sql => renameAreaList(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.put(
    '/area-lists/:id/entries',
    {
      bodyLimit: LARGEST,
      schema: {
        tags,
        summary: 'Replace what is in a list of areas',
        description:
          'As JSON, or as a file: `text/csv` or `text/plain`, the first column of each line, at most 100,000 of them. A first line with a heading ' +
          '(zip, prefix, state, country, code) is left out. The old entries count until the new ones are all there.',
        params: SmallIdParams,
        body: AreaUpload,
        response: answers(200, AreaUploaded),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      const { id } = request.params
      return inWorkspace(database, workspace_id, sql => uploadAreas(sql, workspace_id, id, request.body.entries, actor))
    },
  )

  app.delete(
    '/area-lists/:id',
    {
      schema: {
        tags,
        summary: 'Delete a list of areas that no rule asks for',
        params: SmallIdParams,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      await inWorkspace(database, workspace_id, sql => removeAreaList(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )
}
