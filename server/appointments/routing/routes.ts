import type { App, Context } from '../../http/routes.ts'
import { areaRoutes } from './area-routes.ts'
import { bulkRoutes } from './bulk-routes.ts'
import { decisionRoutes } from './decision-routes.ts'
import { poolRoutes } from './pool-routes.ts'
import { ruleRoutes } from './rule-routes.ts'

/** Who gets appointments for which nobody chose a person. */
export async function routingRoutes(app: App, context: Context) {
  poolRoutes(app, context)
  ruleRoutes(app, context)
  decisionRoutes(app, context)
  // With content types of their own, so in scopes of their own.
  await app.register(async (scope: App) => bulkRoutes(scope, context))
  await app.register(async (scope: App) => areaRoutes(scope, context))
}
