import type { App, Context } from '../http/routes.ts'
import { connectionRoutes } from './connections/routes.ts'
import { contactCrmRoutes } from './contact-routes.ts'
import { linkRoutes } from './link-routes.ts'
import { listRoutes } from './lists/routes.ts'
import { logRoutes } from './log-routes.ts'
import { runRoutes } from './runs/routes.ts'
import { sustainerRoutes } from './sustainers/routes.ts'

export async function crmRoutes(app: App, context: Context) {
  await connectionRoutes(app, context)
  await linkRoutes(app, context)
  await logRoutes(app, context)
  await contactCrmRoutes(app, context)
  await listRoutes(app, context)
  await runRoutes(app, context)
  await sustainerRoutes(app, context)
}
