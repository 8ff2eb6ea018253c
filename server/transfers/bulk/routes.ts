import Type from 'typebox'
import { Bulk, BulkCreate, BulkRow, BulkRowsQuery } from '../../../shared/bulk.ts'
import { Page } from '../../../shared/shape.ts'
import { limitReading } from '../../database/limits.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { sendCsv } from '../../http/csv.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize, type Caller } from '../../workspaces/authenticate.ts'
import { findBulk, listBulkRows, readSettings } from './find.ts'
import { mayBulk } from './may.ts'
import { beginBulk, startBulk, undoBulk } from './start.ts'

const COLUMNS = ['record_id', 'name', 'email', 'state', 'reason'] as const
const AT_ONCE = 1000

/** The same for many contacts or leads at once, with what became of each. */
export async function bulkRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['transfers']

  app.post(
    '/bulk-actions',
    {
      schema: {
        tags,
        summary: 'Do something with many contacts or leads',
        description:
          'With those of `ids`, or with all that match `query` when it begins. With `dry_run` nothing is changed: it ends as `waiting`, with what would ' +
          'become of each, until `start` does it.',
        body: BulkCreate,
        response: answers(201, Bulk),
      },
    },
    async (request, reply) => {
      const caller = await authorize(context, request, 'read')
      const { workspace_id, actor } = caller
      mayBulk(caller, request.body)
      limitReading(undefined) // as for every change; the work itself sees what they see
      return answerOnce(database, { workspace_id, request, reply }, 201, async sql =>
        findBulk(sql, workspace_id, await startBulk(sql, workspace_id, request.body, actor)),
      )
    },
  )

  app.get(
    '/bulk-actions/:id',
    { schema: { tags, summary: 'Read a bulk action: how far it is, and counts', params, response: answers(200, Bulk) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findBulk(sql, workspace_id, request.params.id))
    },
  )

  app.post(
    '/bulk-actions/:id/start',
    { schema: { tags, summary: 'Do what was only tried', params, response: answers(200, Bulk) } },
    async request => {
      const caller = await authorize(context, request, 'read')
      const { workspace_id, actor } = caller
      const { id } = request.params
      await requireMay(caller, id)
      return inWorkspace(database, workspace_id, async sql => {
        await beginBulk(sql, workspace_id, id, actor)
        return findBulk(sql, workspace_id, id)
      })
    },
  )

  app.post(
    '/bulk-actions/:id/undo',
    {
      schema: {
        tags,
        summary: 'Take a bulk action back',
        description: 'Where nobody changed it since; of the others it says so. It is an action of its own, which is answered.',
        params,
        response: answers(201, Bulk),
      },
    },
    async (request, reply) => {
      const caller = await authorize(context, request, 'read')
      const { workspace_id, actor } = caller
      const { id } = request.params
      await requireMay(caller, id)
      return answerOnce(database, { workspace_id, request, reply }, 201, async sql =>
        findBulk(sql, workspace_id, await undoBulk(sql, workspace_id, id, actor)),
      )
    },
  )

  app.get(
    '/bulk-actions/:id/rows',
    {
      schema: {
        tags,
        summary: 'List what became of each record',
        params,
        querystring: BulkRowsQuery,
        response: answers(200, Page(BulkRow)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listBulkRows(sql, workspace_id, request.params.id, request.query))
    },
  )

  app.get(
    '/bulk-actions/:id/rows.csv',
    {
      schema: {
        tags,
        summary: 'Read what became of each record as a file',
        params,
        querystring: Type.Pick(BulkRowsQuery, ['state']),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { id } = request.params
      await inWorkspace(database, workspace_id, sql => findBulk(sql, workspace_id, id))
      return sendCsv<BulkRow>(reply, `bulk action ${id}.csv`, COLUMNS, next =>
        inWorkspace(database, workspace_id, sql =>
          listBulkRows(sql, workspace_id, id, { ...next, ...request.query, limit: AT_ONCE }),
        ),
      )
    },
  )

  /** Of one that they see; what they may do with it then sees everything, as every change does. Throws `not_found`, `forbidden`. */
  async function requireMay(caller: Caller, id: number) {
    mayBulk(caller, await inWorkspace(database, caller.workspace_id, sql => readSettings(sql, caller.workspace_id, id)))
    limitReading(undefined)
  }
}
