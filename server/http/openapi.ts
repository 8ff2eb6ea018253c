import swagger from '@fastify/swagger'
import reference from '@scalar/fastify-api-reference'
import { ERRORS } from '../errors.ts'
import type { App } from './routes.ts'
import { allowInlineScripts } from './security.ts'

/** Collects every route that is registered after it. The shapes that validate are the ones that are published. */
export async function describeApi(app: App, { public_url }: { public_url: string }) {
  await app.register(swagger, {
    hideUntagged: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Throughline',
        version: '1',
        description: `${INTRODUCTION}\n\n${errorTable()}`,
      },
      servers: [{ url: public_url }],
      tags: TAGS.map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          secret_key: { type: 'http', scheme: 'bearer', description: 'A secret key, `sk_...`, made in Set-up, Keys.' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'throughline_session',
            description: 'The web session. Changes carry `x-csrf-token`.',
          },
          write_key: {
            type: 'http',
            scheme: 'basic',
            description: 'A write key as the user name, no password. It can only send events.',
          },
        },
      },
      security: [{ secret_key: [] }, { session: [] }],
    },
  })
}

/** `/api/openapi.json` for machines, `/api/docs` for people. Everything of it is served from here, none of it from a CDN. */
export async function describeRoutes(app: App) {
  app.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('access-control-allow-origin', '*')
    return app.swagger()
  })
  await app.register(async (docs: App) => {
    allowInlineScripts(docs)
    await docs.register(reference, {
      routePrefix: '/api/docs',
      configuration: {
        url: '/api/openapi.json',
        pageTitle: 'Throughline API',
        withDefaultFonts: false,
        telemetry: false,
        showDeveloperTools: 'never',
        hideClientButton: true,
        agent: { disabled: true },
        mcp: { disabled: true },
      } as Record<string, unknown>,
    })
  })
}

const INTRODUCTION = `One self-hosted server that follows a person from the first anonymous page view to revenue.

Send a secret key: \`Authorization: Bearer sk_...\`. Lists answer \`{data, next_cursor}\`; ask again with \`cursor\` until it is null.
Send an \`Idempotency-Key\` with a POST, and repeating it does the work once. Send \`if_updated_at\` with a PATCH, and nobody's
change is lost. Another workspace's id is not found.`

function errorTable() {
  const rows = Object.entries(ERRORS).map(([code, [status, message]]) => `| \`${code}\` | ${status} | ${message} |`)
  return [
    '## Errors',
    '',
    '`{error: {code, message, fields?}}`',
    '',
    '| code | status | what to do |',
    '|---|---|---|',
    ...rows,
  ].join('\n')
}

const TAGS: [string, string][] = [
  ['collect', "What people did. Segment's HTTP API, with a write key."],
  ['contacts', 'People who gave an e-mail or a phone.'],
  ['custom fields', 'What your contacts and leads have besides: fields of your own.'],
  ['notes', 'What people write about contacts and leads.'],
  ['views', 'Lists as somebody looks at them again and again, under a name.'],
  ['identity', 'Who is the same person, and why.'],
  ['visitors', 'The devices and browsers that people came with: one for each distinct_id.'],
  ['segments', 'Who belongs together: built-in segments, and rules of your own.'],
  ['funnels', 'Which pages and videos belong together.'],
  ['leads', 'What people are interested in, from where, and how far it is: lists, the board, changes.'],
  ['tasks', 'What somebody should do about a lead or a contact, and what somebody did.'],
  ['pipelines', 'The stages that leads go through.'],
  ['lead types', 'What kinds of leads there are, and the fields of each.'],
  ['assignment rules', 'Who gets which leads.'],
  ['appointments', 'Meetings with customers: booking, moving, what came of them.'],
  ['appointment types', 'What can be booked, how long it takes and where customers book it.'],
  ['staff', 'Who can be booked, and when.'],
  ['booking', 'What customers do without an account: see what is free, book, move, cancel.'],
  ['pools', 'Who shares appointments, and how they take turns.'],
  ['routing', 'Who gets which appointments: rules, areas, and why each is whose it is.'],
  ['conversions', 'What was won: sales, bookings and more, with refunds and corrections.'],
  ['forwarding', 'Which leads go on to partners, and what became of them.'],
  ['reports', 'Leads and conversions by day, beside the time before.'],
  ['dashboards', 'What somebody looks at again and again: reports under a name, for all or for one.'],
  ['intake', 'Where leads come in, who sends them, and what came.'],
  ['events', 'What was stored, what was refused, as it arrives.'],
  ['activities', 'What changed in the CRM, by whom, before and after.'],
  ['webhooks', 'Where what happens is told: endpoints, what was sent to each, and what can be told.'],
  ['transfers', 'Imports, exports, and actions on many records: how far they are and how they ended.'],
  ['privacy', 'What is kept of people and why; who asked to be erased.'],
  ['crm', 'CRMs that are told who signs up: connections, links, runs, failures, sustainers, and mailing lists.'],
  ['account', 'What concerns whoever is signed in: name, password, second step, and where they are signed in.'],
  ['workspaces', 'The tenants.'],
  ['people', 'Who works in the workspace: members, invitations, roles, teams.'],
  ['keys', 'Keys to send with and to manage with.'],
  ['session', 'Signing in and out of the web app.'],
]
