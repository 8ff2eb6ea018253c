import type postgres from 'postgres'
import type { ExclusionReason, RoutingTarget } from '../../../shared/routing.ts'
import type { Actor } from '../../../shared/shape.ts'
import { lockPerson } from '../slots/lock.ts'
import { MINUTE } from '../slots/zone.ts'
import { choose, give } from './choose.ts'
import { findRules, type Rule } from './find-rules.ts'
import { type Inputs, type Routable, readInputs } from './inputs.ts'
import { lockRouting } from './lock.ts'
import { ofSameOrganization } from './organization.ts'
import { type Desk, readPools, writePools } from './read-pools.ts'
import { type Decided, type Decision, storeDecisions } from './store.ts'
import { type JustGiven, peopleOf, whoCan } from './who-can.ts'

export type { Routable } from './inputs.ts'
export type { Decision } from './store.ts'

const SYSTEM: Actor = { kind: 'system', name: 'routing' }

/**
 * Says of each appointment whose it becomes, in the order given: a person, another workspace, or nobody, with a stored decision that says why.
 * The first rule that matches decides; when nobody of its target can, its fallbacks are asked one after the other, then nobody has it.
 * Chosen and counted under the workspace's lock of routing, and with the locks of the people who may be chosen, so turns, caps and calendars
 * hold until the commit. Changes no appointment: the caller books or changes it and then calls `tellRouted`. The caller holds the identity
 * lock, if it takes it at all.
 */
export async function routeAppointments(
  sql: postgres.TransactionSql,
  appointments: Routable[],
  actor: Actor = SYSTEM,
): Promise<Decision[]> {
  const workspace_ids = [...new Set(appointments.map(each => each.workspace_id))].sort((a, b) => a - b)
  await lockRouting(sql, workspace_ids)
  const stored = new Map<Routable, Decision>()
  for (const workspace_id of workspace_ids) {
    const mine = appointments.filter(each => each.workspace_id === workspace_id)
    const decided = await routeInWorkspace(sql, workspace_id, mine)
    const rows = decided.map((one, k) => ({ ...one, appointment_id: mine[k]!.appointment_id }))
    const decisions = await storeDecisions(sql, workspace_id, rows, actor)
    for (const [k, each] of mine.entries()) stored.set(each, decisions[k]!)
  }
  return appointments.map(each => stored.get(each)!)
}

async function routeInWorkspace(
  sql: postgres.TransactionSql,
  workspace_id: number,
  appointments: Routable[],
): Promise<Decided[]> {
  const inputs = await readInputs(sql, workspace_id, appointments)
  const rules = await findRules(sql, workspace_id, inputs)
  const targets = rules.flatMap(rule => (rule ? targetsOf(rule) : []))
  const [desk, workspaces] = await Promise.all([
    readPools(sql, workspace_id, poolsOf(targets)),
    ofSameOrganization(sql, workspace_id, workspacesOf(targets)),
  ])
  await lockPerson(sql, peopleOf(targets, membersOf(desk)))
  const given: JustGiven[] = []
  const decided: Decided[] = []
  for (const [k, appointment] of appointments.entries()) {
    const rule = rules[k]
    const users = rule && !appointment.is_test ? peopleOf(targetsOf(rule), membersOf(desk)) : []
    const reasons = await whoCan(sql, appointment, users, rule?.needs_free ?? true, given)
    const is_copy = appointment.is_copy ?? false
    const one = decide(desk, rule, appointment, inputs[k]!, { reasons, workspaces, is_copy })
    if (one.target.kind === 'person') given.push({ user_id: one.target.user_id, ...spanOf(appointment) })
    decided.push(one)
  }
  await writePools(sql, desk)
  return decided
}

type World = { reasons: Map<number, ExclusionReason | null>; workspaces: Set<number>; is_copy: boolean }

/** Asks the target, then each fallback. Counts for whom it chose. */
function decide(desk: Desk, rule: Rule | undefined, { is_test }: Routable, inputs: Inputs, world: World): Decided {
  const start: Decided = { ...UNDECIDED, inputs: { ...inputs, scheduled_at: new Date(inputs.scheduled_at).toISOString() } }
  if (is_test) return { ...start, reason: 'test' }
  if (!rule) return start
  const found: Decided = {
    ...start,
    rule_id: rule.id,
    rule_version: rule.version,
    needs_free: rule.needs_free,
    reason: 'nobody_can',
  }
  for (const [step, target] of targetsOf(rule).entries()) {
    const asked = ask(desk, target, inputs, world)
    found.candidates = [...new Set([...found.candidates, ...asked.candidates])]
    found.excluded = [...found.excluded, ...asked.excluded]
    if (asked.reason === 'workspace_gone' || asked.reason === 'is_copy') found.reason = asked.reason
    if (asked.is_done) return { ...found, ...asked, candidates: found.candidates, excluded: found.excluded, step }
  }
  return found
}

const UNDECIDED: Decided = {
  target: { kind: 'nobody' },
  reason: 'no_rule',
  rule_id: null,
  rule_version: null,
  pool_id: null,
  strategy: null,
  step: 0,
  needs_free: true,
  candidates: [],
  excluded: [],
  inputs: {},
}

type Asked = Pick<Decided, 'target' | 'reason' | 'pool_id' | 'strategy' | 'candidates' | 'excluded'> & { is_done: boolean }

function ask(desk: Desk, target: RoutingTarget, { owner_id }: Inputs, { reasons, workspaces, is_copy }: World): Asked {
  const none = {
    target: { kind: 'nobody' },
    pool_id: null,
    strategy: null,
    candidates: [],
    excluded: [],
    is_done: false,
  } as const
  const whyNot = (user_id: number) => reasons.get(user_id) ?? null
  if (target.kind === 'nobody') return { ...none, candidates: [], excluded: [], reason: 'nobody', is_done: true }
  if (target.kind === 'workspace') {
    if (is_copy) return { ...none, candidates: [], excluded: [], reason: 'is_copy' }
    if (!workspaces.has(target.workspace_id)) return { ...none, candidates: [], excluded: [], reason: 'workspace_gone' }
    return { ...none, candidates: [], excluded: [], target, reason: 'workspace', is_done: true }
  }
  if (target.kind === 'person') {
    const { user_id } = target
    const reason = whyNot(user_id)
    if (reason === null) return { ...none, target, reason: 'person', candidates: [user_id], excluded: [], is_done: true }
    return { ...none, reason: 'nobody_can', candidates: [user_id], excluded: [{ user_id, pool_id: null, reason }] }
  }
  const pool = desk.pools.get(target.pool_id)
  if (!pool) return { ...none, candidates: [], excluded: [], reason: 'nobody_can' }
  const { user_id, reason, candidates, excluded } = choose(pool, owner_id, whyNot)
  const why = excluded.map(each => ({ ...each, pool_id: pool.id }))
  if (user_id === null) return { ...none, reason, candidates, excluded: why }
  give(pool, user_id, desk.now++)
  return {
    target: { kind: 'person', user_id },
    reason,
    pool_id: pool.id,
    strategy: pool.strategy,
    candidates,
    excluded: why,
    is_done: true,
  }
}

function targetsOf({ target, fallback }: Rule): RoutingTarget[] {
  return [target, ...fallback]
}

function poolsOf(targets: RoutingTarget[]) {
  return [...new Set(targets.flatMap(target => (target.kind === 'pool' ? [target.pool_id] : [])))]
}

function workspacesOf(targets: RoutingTarget[]) {
  return [...new Set(targets.flatMap(target => (target.kind === 'workspace' ? [target.workspace_id] : [])))]
}

function membersOf({ pools }: Desk) {
  return (pool_id: number) => pools.get(pool_id)?.members.map(member => member.user_id) ?? []
}

function spanOf({ scheduled_at, duration_minutes, before_minutes = 0, after_minutes = 0 }: Routable) {
  const at = Date.parse(scheduled_at)
  return { from: at - before_minutes * MINUTE, until: at + (duration_minutes + after_minutes) * MINUTE }
}
