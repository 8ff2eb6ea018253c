import type { App, Context } from '../../http/routes.ts'
import { poolRoutes } from './pool-routes.ts'

/** Who gets appointments for which nobody chose a person. */
export function routingRoutes(app: App, context: Context) {
  poolRoutes(app, context)
}
