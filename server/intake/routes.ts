import type { App, Context } from '../http/routes.ts'
import { intakeDeliveryRoutes } from './delivery-routes.ts'
import type { Intake } from './intake.ts'
import { providerRoutes } from './provider-routes.ts'
import { intakeWebhookRoutes } from './webhook-routes.ts'

/** What is managed of intake. Where leads come in is `receiveRoutes`: it has no session and no key of ours. */
export async function intakeRoutes(app: App, context: Context, intake: Intake) {
  await intakeWebhookRoutes(app, context, intake)
  await intakeDeliveryRoutes(app, context, intake)
  await providerRoutes(app, context)
}
