import {
  IntakeDeliveriesQuery,
  IntakeDelivery,
  IntakeDeliveryShown,
  IntakeReplayed,
  IntakeReplaySelection,
} from '../../shared/intake.ts'
import { Page } from '../../shared/shape.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, IdParams, SmallIdParams } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { findDelivery, listDeliveries } from './deliveries.ts'
import type { Intake } from './intake.ts'
import { replaySelection } from './replay.ts'
import { readWebhook } from './webhooks.ts'

const tags = ['intake']

/** What came, and what became of it. */
export async function intakeDeliveryRoutes(app: App, context: Context, intake: Intake) {
  const { database } = context

  app.get(
    '/intake-deliveries',
    {
      schema: {
        tags,
        summary: 'List deliveries, the newest first',
        querystring: IntakeDeliveriesQuery,
        response: answers(200, Page(IntakeDelivery)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listDeliveries(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/intake-webhooks/:id/deliveries',
    {
      schema: {
        tags,
        summary: 'List the deliveries of a webhook, the newest first',
        params: SmallIdParams,
        querystring: IntakeDeliveriesQuery,
        response: answers(200, Page(IntakeDelivery)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { id } = request.params
      return inWorkspace(database, workspace_id, async sql => {
        await readWebhook(sql, workspace_id, id)
        return listDeliveries(sql, workspace_id, { ...request.query, webhook_id: id })
      })
    },
  )

  app.get(
    '/intake-deliveries/:id',
    {
      schema: {
        tags,
        summary: 'Read a delivery: as it came, and what was answered',
        params: IdParams,
        response: answers(200, IntakeDeliveryShown),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findDelivery(sql, workspace_id, request.params.id))
    },
  )

  app.post(
    '/intake-deliveries/:id/replay',
    {
      schema: {
        tags,
        summary: 'Process a delivery again',
        description: 'A lead that was made is never made twice: an accepted delivery stays as it is.',
        params: IdParams,
        response: answers(200, IntakeDeliveryShown),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'update')
      const { id } = request.params
      await replaySelection(database, intake, workspace_id, [id])
      return inWorkspace(database, workspace_id, sql => findDelivery(sql, workspace_id, id))
    },
  )

  app.post(
    '/intake-deliveries/replay',
    {
      schema: {
        tags,
        summary: 'Process a selection of deliveries again',
        description: 'Those that were accepted stay as they are and are not counted.',
        body: IntakeReplaySelection,
        response: answers(200, IntakeReplayed),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'update')
      return { deliveries: await replaySelection(database, intake, workspace_id, request.body.ids) }
    },
  )
}
