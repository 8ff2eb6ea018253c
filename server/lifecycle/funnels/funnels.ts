import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import type { Funnel, FunnelCreate, FunnelUpdate } from '../../../shared/funnels.ts'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { FUNNELS_CHANGED } from './ways.ts'

/** All of a workspace with their pages and videos, the oldest first: a handful. */
export async function listFunnels(sql: Sql, workspace_id: number): Promise<{ data: Funnel[] }> {
  const data = await sql<Funnel[]>`
    select f.id, f.funnel_id, f.name, f.goal, f.currency, f.confirm_email, f.created_at, f.updated_at,
           coalesce((select json_agg(json_build_object(
                              'id', p.id, 'funnel_id', f.funnel_id, 'kind', p.kind, 'name', p.name, 'page_id', p.page_id, 'url', p.url,
                              'created_at', p.created_at, 'updated_at', p.updated_at) order by p.id)
                       from funnel_pages p
                      where p.workspace_id = f.workspace_id and p.funnel = f.id), '[]') as pages,
           coalesce((select json_agg(json_build_object(
                              'id', v.id, 'funnel_id', f.funnel_id, 'video_id', v.video_id, 'title', v.title,
                              'duration_seconds', v.duration_seconds, 'created_at', v.created_at, 'updated_at', v.updated_at) order by v.id)
                       from funnel_videos v
                      where v.workspace_id = f.workspace_id and v.funnel = f.id), '[]') as videos
      from funnels f
     where f.workspace_id = ${workspace_id}
     order by f.id`
  return { data: [...data] }
}

/** Throws `not_found`. */
export async function findFunnel(sql: Sql, workspace_id: number, id: number): Promise<Funnel> {
  const funnel = (await listFunnels(sql, workspace_id)).data.find(one => one.id === id)
  if (!funnel) throw refuse('not_found')
  return funnel
}

/** Throws `already_exists`. */
export async function createFunnel(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name, funnel_id = idOf(name), goal = 'purchase', currency = null, confirm_email = false }: FunnelCreate,
  actor: Actor,
): Promise<Funnel> {
  const [made] = await sql<{ id: number }[]>`
    insert into funnels (workspace_id, funnel_id, name, goal, currency, confirm_email)
    values (${workspace_id}, ${funnel_id}, ${name}, ${goal}, ${currency}, ${confirm_email})
        on conflict (workspace_id, funnel_id) do nothing
    returning id`
  if (!made) throw refuse('already_exists', { fields: { funnel_id: 'is the id of another funnel' } })
  const after = { funnel_id, name, goal, currency, confirm_email }
  await recordActivities(sql, workspace_id, [{ action: 'funnel_definition.created', actor, subject_id: made.id, after }])
  await tellChange(sql)
  return findFunnel(sql, workspace_id, made.id)
}

/** Throws `not_found`, `conflict`. The id that events say stays. */
export async function editFunnel(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, ...given }: FunnelUpdate,
  actor: Actor,
): Promise<Funnel> {
  await sql`select from funnels where workspace_id = ${workspace_id} and id = ${id} for update`
  const was = await findFunnel(sql, workspace_id, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(was.updated_at).getTime()) throw refuse('conflict')
  const { before, after } = differences(was, given)
  if (Object.keys(after).length === 0) return was
  await sql`
    update funnels
       set ${sql(after as Record<string, string>)}, updated_at = ${nextMoment(sql)}
     where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [{ action: 'funnel_definition.updated', actor, subject_id: id, before, after }])
  await tellChange(sql)
  return findFunnel(sql, workspace_id, id)
}

/** With its pages and videos. What happened in it is kept: events say its id. */
export async function removeFunnel(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  const { funnel_id, name } = await findFunnel(sql, workspace_id, id)
  const { count } = await sql`delete from funnels where workspace_id = ${workspace_id} and id = ${id}`
  if (count === 0) throw refuse('not_found')
  await recordActivities(sql, workspace_id, [
    { action: 'funnel_definition.deleted', actor, subject_id: id, before: { funnel_id, name } },
  ])
  await tellChange(sql)
}

/** Drops what every process keeps of funnels (ways.ts), when this commits. */
export async function tellChange(sql: postgres.TransactionSql) {
  await sql`select pg_notify(${FUNNELS_CHANGED}, '')`
}

/** What is different, before and after. */
export function differences(was: Record<string, unknown>, given: Record<string, unknown>) {
  const names = Object.keys(given).filter(name => given[name] !== undefined && given[name] !== was[name])
  return {
    before: Object.fromEntries(names.map(name => [name, was[name]])),
    after: Object.fromEntries(names.map(name => [name, given[name]])),
  }
}

/** JSON carries milliseconds, so two changes never share one. */
export function nextMoment(sql: postgres.TransactionSql) {
  return sql`greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')`
}

/** 'Bread school' is bread-school-3f9a: to be read, and of one funnel for ever, also when it is renamed. */
export function idOf(name: string): string {
  const word = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return `${word}${word === '' ? '' : '-'}${randomBytes(3).toString('hex')}`
}

export function isTaken(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.code === '23505'
}
