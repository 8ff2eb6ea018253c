import { Page } from '../../shared/shape.ts'
import { DeliveriesQuery, Delivery, DeliveryShown, Replayed, ReplaySelection } from '../../shared/webhooks.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, IdParams } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { listDeliveries } from './deliveries.ts'
import { findDelivery } from './delivery.ts'
import { replayDeliveries, replayDelivery } from './replay.ts'

/** What was sent, and sending it again. */
export async function deliveryRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['webhooks']

  app.get(
    '/deliveries',
    {
      schema: {
        tags,
        summary: 'List deliveries, the newest first',
        querystring: DeliveriesQuery,
        response: answers(200, Page(Delivery)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listDeliveries(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/deliveries/:id',
    {
      schema: {
        tags,
        summary: 'Read a delivery: its body and what became of each attempt',
        params: IdParams,
        response: answers(200, DeliveryShown),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findDelivery(sql, workspace_id, request.params.id))
    },
  )

  app.post(
    '/deliveries/:id/replays',
    {
      schema: {
        tags,
        summary: 'Send a delivery again',
        description:
          'With the same `webhook-id`: a new round of attempts. One that waits for its next attempt is sent now, and its round goes on; one that is due or under way is left alone.',
        params: IdParams,
        response: answers(200, Replayed),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        replayDelivery(sql, workspace_id, request.params.id, actor),
      )
    },
  )

  app.post(
    '/deliveries/replays',
    {
      schema: {
        tags,
        summary: 'Send a selection of deliveries again',
        description: 'All or, when one is not known or its endpoint is paused, none of them.',
        body: ReplaySelection,
        response: answers(200, Replayed),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        replayDeliveries(sql, workspace_id, request.body.ids, actor),
      )
    },
  )
}
