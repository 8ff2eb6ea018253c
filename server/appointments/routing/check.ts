import type postgres from 'postgres'
import type { RoutingSettings } from '../../../shared/routing.ts'
import { isTimeZone } from '../local-time.ts'
import { targetsOf } from './decide.ts'
import { whichAccept } from './which-accept.ts'

export type Wrong = Record<string, string>

/** What is wrong with each of these rules, by field, in their order; an empty object: nothing. A constant number of statements for any number. */
export async function checkRules(sql: postgres.TransactionSql, workspace_id: number, rules: RoutingSettings[]): Promise<Wrong[]> {
  const targets = rules.flatMap(targetsOf)
  const user_ids = targets.flatMap(target => (target.kind === 'person' ? [target.user_id] : []))
  const pool_ids = targets.flatMap(target => (target.kind === 'pool' ? [target.pool_id] : []))
  const workspace_ids = targets.flatMap(target => (target.kind === 'workspace' ? [target.workspace_id] : []))
  const lists = rules.flatMap(rule => rule.matches.area_lists ?? [])
  const [row] = await sql<{ users: number[]; pools: number[]; lists: number[] }[]>`
    select array(select user_id from memberships where workspace_id = ${workspace_id} and user_id = any(${user_ids}::int[])) as users,
           array(select id from pools where workspace_id = ${workspace_id} and id = any(${pool_ids}::int[])) as pools,
           array(select id from area_lists where workspace_id = ${workspace_id} and id = any(${lists}::int[])) as lists`
  const workspaces = await whichAccept(sql, workspace_id, [...new Set(workspace_ids)])
  const known = { users: new Set(row!.users), pools: new Set(row!.pools), lists: new Set(row!.lists), workspaces }
  return rules.map(rule => ({ ...wrongTargets(rule, known), ...wrongMatches(rule, known) }))
}

type Known = Record<'users' | 'pools' | 'lists' | 'workspaces', Set<number>>

function wrongTargets(rule: RoutingSettings, { users, pools, workspaces }: Known): Wrong {
  const wrong: Wrong = {}
  for (const [k, target] of targetsOf(rule).entries()) {
    const field = k === 0 ? 'target' : 'fallback'
    if (target.kind === 'person' && !users.has(target.user_id)) wrong[field] = `${target.user_id} is no user of this workspace`
    if (target.kind === 'pool' && !pools.has(target.pool_id)) wrong[field] = `${target.pool_id} is no pool of this workspace`
    if (target.kind === 'workspace' && !workspaces.has(target.workspace_id))
      wrong[field] = `${target.workspace_id} is no other workspace of this organization that takes appointments from here`
  }
  if (rule.target.kind === 'nobody' && rule.fallback.length > 0) wrong.fallback = 'must be empty when the target is nobody'
  return wrong
}

function wrongMatches({ matches }: RoutingSettings, { lists }: Known): Wrong {
  const { area_lists = [], hours, score_from, score_to, valid_from, valid_until } = matches
  const stranger = area_lists.find(id => !lists.has(id))
  return {
    ...(stranger !== undefined && { 'matches.area_lists': `${stranger} is no area list of this workspace` }),
    ...(hours && !isTimeZone(hours.time_zone) && { 'matches.hours.time_zone': 'must be a time zone such as America/New_York' }),
    ...(hours &&
      (hours.from ?? '00:00') === (hours.until ?? '24:00') && { 'matches.hours': 'must begin and end at different times' }),
    ...(hours?.from === '24:00' && { 'matches.hours.from': 'must be before 24:00: write 00:00 for the beginning of a day' }),
    ...(score_from !== undefined &&
      score_to !== undefined &&
      score_from > score_to && { 'matches.score_to': 'must not be below score_from' }),
    ...(valid_from !== undefined && !isDay(valid_from) && { 'matches.valid_from': DAY }),
    ...(valid_until !== undefined && !isDay(valid_until) && { 'matches.valid_until': DAY }),
    ...(valid_from !== undefined &&
      valid_until !== undefined &&
      valid_from > valid_until && { 'matches.valid_until': 'must not be before valid_from' }),
  }
}

const DAY = 'must be a day such as 2026-05-01'

/** February has no 30th. */
function isDay(text: string) {
  const at = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
