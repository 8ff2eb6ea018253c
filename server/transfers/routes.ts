import { Page } from '../../shared/shape.ts'
import { Transfer, TransfersQuery } from '../../shared/transfers.ts'
import { limitReading } from '../database/limits.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams as params } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { bulkRoutes } from './bulk/routes.ts'
import { exportRoutes } from './export/routes.ts'
import { LISTS, type Reports } from './export/sources.ts'
import { importRoutes } from './import/routes.ts'
import { findTransfer, listTransfers } from './list.ts'
import { requireTheirs } from './may.ts'
import { seeTransfer } from './see.ts'
import { resumeTransfer, stopTransfer } from './start.ts'

/** What imports, exports and actions on many records have in common; each has routes of its own below. */
export async function transferRoutes(app: App, context: Context, reports: Reports) {
  const { database } = context
  const tags = ['transfers']

  app.get(
    '/transfers',
    {
      schema: {
        tags,
        summary: 'List imports, exports and bulk actions, the newest first',
        querystring: TransfersQuery,
        response: answers(200, Page(Transfer)),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'read')
      const user_id = actor.kind === 'user' ? (actor.id ?? null) : null
      return inWorkspace(database, workspace_id, sql => listTransfers(sql, workspace_id, request.query, user_id))
    },
  )

  app.get(
    '/transfers/:id',
    { schema: { tags, summary: 'Read a transfer: how far it is', params, response: answers(200, Transfer) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findTransfer(sql, workspace_id, request.params.id))
    },
  )

  const verbs = [
    ['stop', 'Stop a transfer; what it did stays, and it can go on', stopTransfer],
    ['resume', 'Go on with a transfer that was stopped or failed', resumeTransfer],
  ] as const
  for (const [verb, summary, change] of verbs) {
    app.post(`/transfers/:id/${verb}`, { schema: { tags, summary, params, response: answers(200, Transfer) } }, async request => {
      const caller = await authorize(context, request, 'read')
      const { workspace_id } = caller
      const { id } = request.params
      const { actor } = await inWorkspace(database, workspace_id, sql => findTransfer(sql, workspace_id, id))
      requireTheirs(actor, caller)
      limitReading(undefined) // a change sees everything, the job of it, too
      return inWorkspace(database, workspace_id, sql => change(sql, workspace_id, id, caller.actor))
    })
  }

  app.post(
    '/transfers/:id/seen',
    { schema: { tags, summary: 'Say that you looked at how a transfer ended', params, response: answers(200, Transfer) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => seeTransfer(sql, workspace_id, request.params.id, actor))
    },
  )

  await exportRoutes(app, context, { ...LISTS, ...reports })
  await importRoutes(app, context)
  await bulkRoutes(app, context)
}
