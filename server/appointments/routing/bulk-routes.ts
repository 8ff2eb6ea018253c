import Type from 'typebox'
import { RoutingDryRun, RoutingTrial, RoutingUploaded } from '../../../shared/routing.ts'
import type { Sql } from '../../database/connect.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers } from '../../http/shapes.ts'
import { bare } from '../../leads/choose.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { dryRun } from './dry-run.ts'
import { type Names, readSheet } from './sheet.ts'
import { uploadRules } from './upload.ts'

const tags = ['routing']
const Sheet = Type.Object({ csv: Type.String({ minLength: 1, maxLength: 5_000_000 }) }, { additionalProperties: false })
const Partial = Type.Object(
  { partial: Type.Optional(Type.Boolean({ description: 'true: what is right is stored, also when something is wrong' })) },
  { additionalProperties: false },
)
const LARGEST = 5 * 1_048_576

/** Many rules at a time: from a file, and tried on appointments of the past. */
export async function bulkRoutes(app: App, context: Context) {
  const { database } = context
  app.addContentTypeParser(
    ['text/csv', 'text/plain'],
    { parseAs: 'string', bodyLimit: LARGEST },
    async (_: unknown, csv: string) => ({
      csv,
    }),
  )

  app.post(
    '/routing-rules/upload',
    {
      bodyLimit: LARGEST,
      schema: {
        tags,
        summary: 'Make and change many routing rules by a file',
        description:
          'A file with a heading as `text/csv`, or JSON with the same text as `csv`; at most 10,000 rows, each found by its name. The answer says of ' +
          'each row what became of it. With anything wrong nothing is stored, unless `partial=true`.',
        querystring: Partial,
        body: Sheet,
        response: answers(200, RoutingUploaded),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      const sheet = await readSheet(request.body.csv, await readNames(database.system, workspace_id))
      const { partial = false } = request.query
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        uploadRules(sql, workspace_id, sheet, { partial }, actor),
      )
    },
  )

  app.post(
    '/routing-rules/dry-run',
    {
      bodyLimit: LARGEST,
      schema: {
        tags,
        summary: 'See who would have had appointments of the past',
        description:
          'By the published rules, or by a draft. Nothing is stored and nobody loses a turn. Caps of days and weeks count from nothing; everybody has ' +
          'time, because calendars of the past show what became of them.',
        body: RoutingDryRun,
        response: answers(200, RoutingTrial),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => dryRun(sql, workspace_id, request.body))
    },
  )
}

/** E-mails of people stand outside of the tenants, so they are read as the system, of this workspace's members only. */
async function readNames(system: Sql, workspace_id: number): Promise<Names> {
  const rows = await system<{ kind: keyof Names; name: string; id: number }[]>`
    select 'users' as kind, u.email as name, u.id
      from memberships m
      join users u on u.id = m.user_id
     where m.workspace_id = ${workspace_id}
    union all
    select 'pools', name, id from pools where workspace_id = ${workspace_id}
    union all
    select 'lists', name, id from area_lists where workspace_id = ${workspace_id}
    union all
    select 'workspaces', o.name, o.id
      from workspaces w
      join workspaces o on o.organization_id = w.organization_id and o.id <> w.id
     where w.id = ${workspace_id}`
  const named = (kind: keyof Names) => new Map(rows.filter(row => row.kind === kind).map(row => [bare(row.name), row.id]))
  return { users: named('users'), pools: named('pools'), lists: named('lists'), workspaces: named('workspaces') }
}
