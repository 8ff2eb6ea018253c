import type postgres from 'postgres'
import { ActivitiesQuery, Activity, ActivityChain } from '../../shared/events.ts'
import { Page } from '../../shared/shape.ts'
import type { Sql } from '../database/connect.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { pageOf, readCursor, writeCursor } from '../http/paginate.ts'
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

/**
 * The newest first. By contact, subject, user, key or action there is an index; what else is asked is looked at from the newest back. Words cost ten times
 * as much to look for (7 µs each), so a page that looks for some ends after so many activities, with a cursor to go on from there.
 */
export async function listActivities(sql: Sql, workspace_id: number, { limit = 50, cursor, ...query }: ActivitiesQuery) {
  const [before] = readCursor(cursor, 'integer') ?? []
  const actions = query.noun === undefined ? undefined : await actionsOf(sql, workspace_id, query.noun)
  const asked = sql`
     where workspace_id = ${workspace_id}
       ${before === undefined ? sql`` : sql`and id < ${before}`}
       ${filtersOf(sql, query, actions)}`
  const words = wordsOf(query)
  const last = words.length === 0 ? undefined : await lastLookedAt(sql, asked)
  const rows = await sql<Activity[]>`
    select id, at, action, actor, contact_id, visitor_id, subject_id, before, after
      from activities ${asked}
       ${last === undefined ? sql`` : sql`and id >= ${last}`}
       ${withWords(sql, words)}
     order by id desc
     limit ${limit + 1}`
  const page = pageOf(rows, limit, ({ id }) => [id])
  return last === undefined || page.next_cursor ? page : { ...page, next_cursor: writeCursor([last]) }
}

/** How many there are of those that a list is asked for. Words are looked for in each. */
export async function countActivities(sql: Sql, workspace_id: number, query: ActivitiesQuery): Promise<number> {
  const actions = query.noun === undefined ? undefined : await actionsOf(sql, workspace_id, query.noun)
  const [row] = await sql<{ activities: number }[]>`
    select count(*) as activities
      from activities
     where workspace_id = ${workspace_id} ${filtersOf(sql, query, actions)} ${withWords(sql, wordsOf(query))}`
  return row!.activities
}

function wordsOf({ q }: ActivitiesQuery): string[] {
  return q?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
}

function withWords(sql: Sql, words: string[]) {
  return words.length === 0
    ? sql``
    : sql`${words.map(word => sql`and strpos(lower(concat_ws(' ', before::text, after::text, actor->>'name')), ${word}) > 0`)}`
}

function filtersOf(sql: Sql, query: ActivitiesQuery, actions: string[] | undefined) {
  const { action, actor_kind, actor_id, contact_id, subject_id, since, until } = query
  // In these words the index has them.
  const is_theirs = actor_kind === 'user' || actor_kind === 'key' ? sql`and actor->>'kind' in ('user', 'key')` : sql``
  return sql`
       ${action === undefined ? sql`` : sql`and action collate "C" = ${action}`}
       ${actions === undefined ? sql`` : sql`and action collate "C" = any(${actions}::text[])`}
       ${actor_kind === undefined ? sql`` : sql`and actor->>'kind' = ${actor_kind} ${is_theirs}`}
       ${actor_id === undefined ? sql`` : sql`and actor->>'id' = ${String(actor_id)}`}
       ${contact_id === undefined ? sql`` : sql`and contact_id = ${contact_id}`}
       ${subject_id === undefined ? sql`` : sql`and subject_id = ${subject_id}`}
       ${since === undefined ? sql`` : sql`and at >= ${since}`}
       ${until === undefined ? sql`` : sql`and at < ${until}`}`
}

/** Those that there are, from one to the next in the index. ('/' comes after '.'.) */
async function actionsOf(sql: Sql, workspace_id: number, noun: string): Promise<string[]> {
  const next = (after: postgres.Fragment) => sql`
    (select action collate "C"
       from activities
      where workspace_id = ${workspace_id} and action collate "C" > ${after} and action collate "C" < ${`${noun}/`}
      order by action collate "C"
      limit 1)`
  const rows = await sql<{ action: string }[]>`
    with recursive known (action) as (
      ${next(sql`${`${noun}.`}`)}
      union all
      select ${next(sql`known.action`)} from known where known.action is not null
    )
    select action from known where action is not null`
  return rows.map(({ action }) => action)
}

/** Undefined when all that is left are fewer. */
async function lastLookedAt(sql: Sql, asked: postgres.Fragment): Promise<number | undefined> {
  const [row] = await sql<
    { id: number }[]
  >`select id from activities ${asked} order by id desc offset ${MOST_LOOKED_AT - 1} limit 1`
  return row?.id
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
const MOST_LOOKED_AT = 200_000
