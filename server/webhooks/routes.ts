import Type from 'typebox'
import { WebhookEvents } from '../../shared/webhooks.ts'
import type { App, Context } from '../http/routes.ts'
import { answers } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { listWebhookEvents } from './catalogue.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { endpointRoutes } from './endpoint-routes.ts'
import { forwardingRoutes } from './forwarding/routes.ts'

export async function webhookRoutes(app: App, context: Context) {
  app.get(
    '/webhook-events',
    {
      schema: {
        tags: ['webhooks'],
        summary: 'List what can be told',
        description: 'Each type of message with the shape of its `data` and an example of a whole body.',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers(200, WebhookEvents),
      },
    },
    async request => {
      await authorize(context, request, 'read')
      return { data: [...listWebhookEvents()] }
    },
  )
  await endpointRoutes(app, context)
  await deliveryRoutes(app, context)
  await forwardingRoutes(app, context)
}
