import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import type { Team, TeamCreate, TeamUpdate } from '../../../shared/teams.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'

const MOST_TEAMS = 200

export async function listTeams(sql: Sql, workspace_id: number): Promise<{ data: Team[] }> {
  return { data: [...(await readTeams(sql, workspace_id))] }
}

/** Throws `already_exists`, `invalid_fields`. */
export async function createTeam(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { name: given, user_ids = [] }: TeamCreate,
  actor: Actor,
): Promise<Team> {
  const name = readName(given)
  const [row] = await sql<{ id: number }[]>`
    insert into teams (workspace_id, name) values (${workspace_id}, ${name}) on conflict do nothing returning id`
  if (!row) throw nameIsTaken()
  if ((await readTeams(sql, workspace_id)).length > MOST_TEAMS)
    throw refuse('invalid_fields', { fields: { name: `is one too many: a workspace has at most ${MOST_TEAMS} teams` } })
  await put(sql, workspace_id, row.id, user_ids)
  await recordActivities(sql, workspace_id, [{ action: 'team.created', actor, subject_id: row.id, after: { name, user_ids } }])
  return findTeam(sql, workspace_id, row.id)
}

/** Throws `not_found`, `already_exists`, `invalid_fields`. */
export async function editTeam(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  given: TeamUpdate,
  actor: Actor,
): Promise<Team> {
  const was = await lockTeam(sql, workspace_id, id)
  const name = given.name === undefined ? was.name : readName(given.name)
  const [other] = await sql`
    select from teams where workspace_id = ${workspace_id} and lower(name) = lower(${name}) and id <> ${id}`
  if (other) throw nameIsTaken()
  await sql`update teams set name = ${name} where workspace_id = ${workspace_id} and id = ${id}`
  if (given.user_ids) await put(sql, workspace_id, id, given.user_ids)
  const is = await findTeam(sql, workspace_id, id)
  const changed = (['name', 'user_ids'] as const).filter(field => JSON.stringify(was[field]) !== JSON.stringify(is[field]))
  const of = (team: Team) => Object.fromEntries(changed.map(field => [field, team[field]]))
  if (changed.length > 0)
    await recordActivities(sql, workspace_id, [{ action: 'team.updated', actor, subject_id: id, before: of(was), after: of(is) }])
  return is
}

/** Throws `not_found`. */
export async function removeTeam(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  const { name, user_ids } = await lockTeam(sql, workspace_id, id)
  await sql`delete from teams where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [{ action: 'team.deleted', actor, subject_id: id, before: { name, user_ids } }])
}

async function put(sql: Sql, workspace_id: number, team_id: number, user_ids: number[]) {
  const members = await sql<{ user_id: number }[]>`
    select user_id from memberships where workspace_id = ${workspace_id} and user_id = any(${user_ids}::int[])`
  const stranger = user_ids.find(id => !members.some(({ user_id }) => user_id === id))
  if (stranger !== undefined)
    throw refuse('invalid_fields', { fields: { user_ids: `${stranger} is no member of this workspace` } })
  await sql`
    delete from team_members
     where workspace_id = ${workspace_id} and team_id = ${team_id} and not user_id = any(${user_ids}::int[])`
  await sql`
    insert into team_members (workspace_id, team_id, user_id)
    select ${workspace_id}, ${team_id}, user_id from unnest(${user_ids}::int[]) as user_id
        on conflict do nothing`
}

async function lockTeam(sql: Sql, workspace_id: number, id: number): Promise<Team> {
  await sql`select from teams where workspace_id = ${workspace_id} and id = ${id} for update`
  return findTeam(sql, workspace_id, id)
}

async function findTeam(sql: Sql, workspace_id: number, id: number): Promise<Team> {
  const [team] = await readTeams(sql, workspace_id, id)
  if (!team) throw refuse('not_found')
  return team
}

function readTeams(sql: Sql, workspace_id: number, id: number | null = null) {
  return sql<Team[]>`
    select t.id, t.name, t.created_at,
           array(select user_id from team_members m where m.workspace_id = t.workspace_id and m.team_id = t.id order by user_id) as user_ids
      from teams t
     where t.workspace_id = ${workspace_id} and (${id}::int is null or t.id = ${id}::int)
     order by lower(t.name)`
}

function readName(given: string) {
  const name = given.trim()
  if (name === '') throw refuse('invalid_fields', { fields: { name: 'must not be empty' } })
  return name
}

function nameIsTaken() {
  return refuse('already_exists', { fields: { name: 'is the name of another team' } })
}
