import type { App, Context } from '../http/routes.ts'
import { runRoutes } from './runs/routes.ts'

export async function crmRoutes(app: App, context: Context) {
  await runRoutes(app, context)
}
