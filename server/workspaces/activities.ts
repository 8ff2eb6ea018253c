import type postgres from 'postgres'
import { ActivitiesQuery, Activity, ActivityChain } from '../../shared/events.ts'
import { Page } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import type { App, Context } from '../http/routes.ts'
import { answers } from '../http/shapes.ts'
import { authorize } from './authenticate.ts'

/** The audit trail. (Not in `activities/`, which everything below records to and which therefore imports nobody.) */
export async function activityRoutes(app: App, context: Context) {
  app.get(
    '/activities',
    {
      schema: {
        tags: ['activities'],
        summary: 'List what changed, the newest first',
        querystring: ActivitiesQuery,
        response: answers(200, Page(Activity)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(context.database, workspace_id, sql => search(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/activities/chain',
    {
      schema: {
        tags: ['activities'],
        summary: 'Whether the history is whole',
        description:
          'As it was found when it was last looked at, which is once a day. `throughline audit verify` looks at all of it.',
        response: answers(200, ActivityChain),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(context.database, workspace_id, sql => findChain(sql, workspace_id))
    },
  )
}

async function search(sql: postgres.TransactionSql, workspace_id: number, query: ActivitiesQuery) {
  await sql.unsafe(`set local statement_timeout = '${LONGEST}'`)
  try {
    return await listActivities(sql, workspace_id, query)
  } catch (error) {
    if ((error as { code?: string }).code !== '57014') throw error
    throw refuse('took_too_long', { message: 'This reads too many activities. Ask for one contact, or export them.' })
  }
}

/** Found by walking from the newest back; of one contact by an index. Fewer indexes are quicker changes, and few people search here. */
export async function listActivities(sql: Sql, workspace_id: number, query: ActivitiesQuery) {
  const { limit = 50, cursor, action, noun, actor_kind, actor_id, contact_id, subject_id, since, until, q } = query
  const [before] = readCursor(cursor, 'integer') ?? []
  const words = q?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
  const rows = await sql<Activity[]>`
    select id, at, action, actor, contact_id, visitor_id, subject_id, before, after
      from activities
     where workspace_id = ${workspace_id}
       ${before === undefined ? sql`` : sql`and id < ${before}`}
       ${action === undefined ? sql`` : sql`and action = ${action}`}
       ${noun === undefined ? sql`` : sql`and starts_with(action, ${`${noun}.`})`}
       ${actor_kind === undefined ? sql`` : sql`and actor->>'kind' = ${actor_kind}`}
       ${actor_id === undefined ? sql`` : sql`and actor->>'id' = ${String(actor_id)}`}
       ${contact_id === undefined ? sql`` : sql`and contact_id = ${contact_id}`}
       ${subject_id === undefined ? sql`` : sql`and subject_id = ${subject_id}`}
       ${since === undefined ? sql`` : sql`and at >= ${since}`}
       ${until === undefined ? sql`` : sql`and at < ${until}`}
       ${words.length === 0 ? sql`` : words.map(word => sql`and strpos(lower(concat_ws(' ', before::text, after::text, actor->>'name')), ${word}) > 0`)}
     order by id desc
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.id])
}

async function findChain(sql: postgres.TransactionSql, workspace_id: number): Promise<ActivityChain> {
  const [row] = await sql<ActivityChain[]>`
    select h.position as activities, h.checked_at, c.at as checkpoint_at, h.problem
      from audit_heads h
      left join lateral (select at from audit_checkpoints where workspace_id = h.workspace_id order by position desc limit 1) as c on true
     where h.workspace_id = ${workspace_id}`
  return row ?? { activities: 0, checked_at: null, checkpoint_at: null, problem: null }
}

const LONGEST = '15s'
