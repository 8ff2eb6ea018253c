import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import cookie from '@fastify/cookie'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { pino } from 'pino'
import { feedRoutes } from './appointments/calendars/routes.ts'
import { appointmentRoutes } from './appointments/routes.ts'
import type { Config } from './config.ts'
import { consentRoutes } from './consents/routes.ts'
import { contactRoutes } from './contacts/routes.ts'
import { tagRoutes } from './contacts/tag-routes.ts'
import { conversionRoutes } from './conversions/routes.ts'
import { sellAppointment, sellLead } from './conversions/sell.ts'
import { crmRoutes } from './crm/routes.ts'
import { openScope } from './database/limits.ts'
import { openEgress } from './egress/egress.ts'
import { collectRoutes } from './events/collect.ts'
import { openPlaces } from './events/place.ts'
import { eventRoutes } from './events/reading.ts'
import { fieldRoutes } from './fields/routes.ts'
import { healthRoutes, type Readiness } from './http/health.ts'
import { measureRequests, metricsRoutes, startMetrics } from './http/metrics.ts'
import { describeApi, describeRoutes } from './http/openapi.ts'
import { compressAnswers, demoPages, isPageAddress, sendWebPage, trackerPage, webPages } from './http/pages.ts'
import { tellUnknownProxy, trustedProxies } from './http/proxies.ts'
import { tellBudgets } from './http/rate-limit.ts'
import { answerError, answerNoHttp } from './http/refusals.ts'
import { packageRoot } from './http/root.ts'
import type { App, Context } from './http/routes.ts'
import { protectBrowsers } from './http/security.ts'
import { serializers } from './http/serialize.ts'
import { closeSilentConnections } from './http/silent-connections.ts'
import { openTimings } from './http/timings.ts'
import { answerUnknown, learnMethods, pathOf } from './http/unknown-routes.ts'
import { shapeCompiler } from './http/validate.ts'
import { identityRoutes } from './identity/routes.ts'
import { openIntake } from './intake/intake.ts'
import { receiveRoutes } from './intake/receive.ts'
import { intakeRoutes } from './intake/routes.ts'
import { journeyRoutes } from './journeys/routes.ts'
import { leadRoutes } from './leads/routes.ts'
import { funnelRoutes } from './lifecycle/funnels/routes.ts'
import { noteRoutes } from './notes/routes.ts'
import { privacyRoutes } from './privacy/routes.ts'
import { dashboardRoutes } from './reports/dashboards/routes.ts'
import { reportRoutes } from './reports/routes.ts'
import { tablesOf } from './reports/tables.ts'
import { hidePersonal } from './sealing/hide.ts'
import { segmentRoutes } from './segments/routes.ts'
import { countRecords } from './transfers/hand-over/records.ts'
import { startHandOver } from './transfers/hand-over/start.ts'
import { transferRoutes } from './transfers/routes.ts'
import { viewRoutes } from './views/routes.ts'
import { visitorRoutes } from './visitors/routes.ts'
import { webhookRoutes } from './webhooks/routes.ts'
import { activityRoutes } from './workspaces/activities.ts'
import { callerOf } from './workspaces/authenticate.ts'
import { keyRoutes } from './workspaces/key-routes.ts'
import { mailRoutes } from './workspaces/mails.ts'
import { peopleRoutes } from './workspaces/people/routes.ts'
import { teamRoutes } from './workspaces/people/team-routes.ts'
import { maskAnswers } from './workspaces/roles/mask.ts'
import { roleRoutes } from './workspaces/roles/routes.ts'
import { workspaceRoutes } from './workspaces/routes.ts'
import { sessionRoutes } from './workspaces/session-routes.ts'
import { accountRoutes } from './workspaces/sign-in/account-routes.ts'
import { resetRoutes } from './workspaces/sign-in/reset-routes.ts'
import { signOnRoutes } from './workspaces/sign-in/sign-on-routes.ts'
import { totpRoutes } from './workspaces/sign-in/totp-routes.ts'
import { userRoutes } from './workspaces/user-routes.ts'

export type Options = {
  logger?: FastifyBaseLogger
  /** More questions for `/ready`, as the queue's. */
  readiness?: Readiness
}

/** The whole server but for its listening: every module's routes, in the order in which the modules depend on one another. */
export async function buildApp(given: Context, { logger = logTo(given.config), readiness = {} }: Options = {}): Promise<App> {
  const metrics = given.metrics ?? startMetrics()
  const egress = given.egress ?? openEgress({ allowed_cidrs: given.config.webhook_allowed_cidrs })
  const timings = given.timings ?? openTimings()
  const placeOf = given.placeOf ?? openPlaces(given.config.geo_database)
  const context: Context = { ...given, metrics, egress, timings, placeOf }
  const root = packageRoot()
  const app: App = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies(given.config.trusted_proxies),
    bodyLimit: 1_048_576,
    forceCloseConnections: 'idle',
    schemaController: { compilersFactory: { buildSerializer: serializers } },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 4000 },
    frameworkErrors: answerError,
    clientErrorHandler: answerNoHttp,
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.setValidatorCompiler(shapeCompiler())
  app.setErrorHandler(answerError)
  const methodsOf = learnMethods(app)
  measureRequests(app, metrics)
  closeSilentConnections(app)
  tellUnknownProxy(app)
  tellBudgets(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  if (!given.egress) app.addHook('onClose', () => egress.close())
  await describeApi(app, context.config)

  const intake = openIntake(context.database)
  app.addHook('onClose', () => intake.stop())

  // What collects: without cookies, compression and the headers of pages.
  await app.register(async (collecting: App) => {
    healthRoutes(collecting, context, { migrations: join(root, 'db/migrations'), readiness })
    metricsRoutes(collecting, metrics)
    await collectRoutes(collecting, context)
    await receiveRoutes(collecting, context, intake)
    feedRoutes(collecting, context)
  })

  // What people and their programs read and manage.
  await app.register(async (site: App) => {
    await protectBrowsers(site, { https: context.config.public_url.startsWith('https:') })
    await compressAnswers(site)
    await site.register(cookie)
    await site.register(
      async (api: App) => {
        maskAnswers(api, request => callerOf(request)?.rights.masks ?? [])
        api.addHook('preValidation', (_request, _reply, done) => openScope(done))
        api.addHook('preValidation', takeWorkspaceOutOfQuery)
        await api.register(async (scope: App) => sessionRoutes(scope, context))
        await accountRoutes(api, context)
        await resetRoutes(api, context)
        await totpRoutes(api, context)
        await signOnRoutes(api, context)
        await workspaceRoutes(api, context)
        await keyRoutes(api, context)
        await userRoutes(api, context)
        await peopleRoutes(api, context, { count: countRecords, handOver: startHandOver })
        await teamRoutes(api, context)
        await roleRoutes(api, context)
        await activityRoutes(api, context)
        await fieldRoutes(api, context)
        await contactRoutes(api, context)
        await tagRoutes(api, context)
        await identityRoutes(api, context)
        await segmentRoutes(api, context)
        await funnelRoutes(api, context)
        await journeyRoutes(api, context)
        await visitorRoutes(api, context)
        await noteRoutes(api, context)
        await viewRoutes(api, context)
        await leadRoutes(api, context, sellLead)
        await appointmentRoutes(api, context, sellAppointment)
        await conversionRoutes(api, context)
        await intakeRoutes(api, context, intake)
        await eventRoutes(api, context)
        await webhookRoutes(api, context)
        await crmRoutes(api, context)
        await transferRoutes(api, context, tablesOf(context.database))
        await reportRoutes(api, context)
        await dashboardRoutes(api, context)
        await mailRoutes(api, context)
        await privacyRoutes(api, context)
        await consentRoutes(api, context)
      },
      { prefix: '/api/v1' },
    )
    await describeRoutes(site)
    await webPages(site, root)
    await trackerPage(site, root)
    await site.register(async (demo: App) => demoPages(demo, root, context))

    const refuseUnknown = answerUnknown(methodsOf)
    site.setNotFoundHandler(async (request: FastifyRequest, reply: FastifyReply) =>
      isPageAddress(request) && methodsOf(pathOf(request)).length === 0
        ? sendWebPage(reply, root)
        : refuseUnknown(request, reply),
    )
  })
  await app.ready()
  return app
}

/** JSON lines on stdout. Addresses are logged without their query, where one-time tokens stand; where people are kept encrypted, no line names one. */
export function logTo(config: Config): FastifyBaseLogger {
  const settings = { level: config.log_level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  if (!config.encrypt_contacts) return pino(settings)
  return pino(settings, { write: line => void process.stdout.write(hidePersonal(line)) })
}

/** `?workspace_id=` is how a session names its workspace without a header (server/workspaces/authenticate.ts), on any route. */
async function takeWorkspaceOutOfQuery(request: FastifyRequest) {
  if (typeof request.query === 'object' && request.query) delete (request.query as Record<string, unknown>).workspace_id
}
