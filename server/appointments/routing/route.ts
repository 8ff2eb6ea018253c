import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import { lockPerson } from '../slots/lock.ts'
import { MINUTE } from '../slots/zone.ts'
import { decide, peopleOf, poolsOf, targetsOf, workspacesOf } from './decide.ts'
import { findRules } from './find-rules.ts'
import { type Routable, readInputs } from './inputs.ts'
import { lockRouting } from './lock.ts'
import { readPools, writePools } from './read-pools.ts'
import { type Decided, type Decision, storeDecisions } from './store.ts'
import { whichAccept } from './which-accept.ts'
import { type JustGiven, whoCan } from './who-can.ts'

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
  const desk = await readPools(sql, workspace_id, poolsOf(targets))
  const workspaces = await whichAccept(sql, workspace_id, workspacesOf(targets))
  await lockPerson(sql, peopleOf(targets, desk))
  const given: JustGiven[] = []
  const decided: Decided[] = []
  for (const [k, appointment] of appointments.entries()) {
    const { is_test = false, is_copy = false } = appointment
    const rule = rules[k]
    const people = rule && !is_test ? peopleOf(targetsOf(rule), desk) : []
    const reasons = await whoCan(sql, appointment, people, rule?.needs_free ?? true, given)
    const one = decide(desk, rule, inputs[k]!, { is_test, is_copy, reasons, workspaces })
    if (one.target.kind === 'person') given.push({ user_id: one.target.user_id, ...spanOf(appointment) })
    decided.push(one)
  }
  await writePools(sql, desk)
  return decided
}

function spanOf({ scheduled_at, duration_minutes, before_minutes = 0, after_minutes = 0 }: Routable) {
  const at = Date.parse(scheduled_at)
  return { at, from: at - before_minutes * MINUTE, until: at + (duration_minutes + after_minutes) * MINUTE }
}
