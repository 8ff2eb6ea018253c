import type { DecisionReason, ExclusionReason, RoutingTarget } from '../../../shared/routing.ts'
import { choose, give } from './choose.ts'
import type { Rule } from './find-rules.ts'
import type { Inputs } from './inputs.ts'
import type { Desk } from './read-pools.ts'
import type { Decided } from './store.ts'

export type World = {
  is_test: boolean
  /** It was handed on to this workspace. */
  is_copy: boolean
  /** Of people, why they cannot take it, or null. */
  reasons: Map<number, ExclusionReason | null>
  /** Those of the same organization. */
  workspaces: Set<number>
}

/** Asks the target of the rule, then each fallback, until somebody can. Counts for whom it chose. */
export function decide(desk: Desk, rule: Rule | undefined, inputs: Inputs, world: World): Decided {
  const start = { ...UNDECIDED, inputs: { ...inputs, scheduled_at: new Date(inputs.scheduled_at).toISOString() } }
  if (world.is_test) return { ...start, reason: 'test' }
  if (!rule) return start
  const { id: rule_id, version: rule_version, needs_free } = rule
  const found: Decided = { ...start, rule_id, rule_version, needs_free, reason: 'nobody_can' }
  for (const [step, target] of targetsOf(rule).entries()) {
    const answer = ask(desk, target, inputs, world)
    found.candidates = [...new Set([...found.candidates, ...(answer.candidates ?? [])])]
    found.excluded = [...found.excluded, ...(answer.excluded ?? [])]
    if (answer.target) return { ...found, ...answer, step, candidates: found.candidates, excluded: found.excluded }
    if (answer.reason !== 'nobody_can') found.reason = answer.reason
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

/** Without a target the next one is asked. */
type Answer = Partial<Decided> & { reason: DecisionReason }

function ask(desk: Desk, target: RoutingTarget, { owner_id }: Inputs, { reasons, workspaces, is_copy }: World): Answer {
  const whyNot = (user_id: number) => reasons.get(user_id) ?? null
  if (target.kind === 'nobody') return { target, reason: 'nobody' }
  if (target.kind === 'workspace') {
    if (is_copy) return { reason: 'is_copy' }
    return workspaces.has(target.workspace_id) ? { target, reason: 'workspace' } : { reason: 'workspace_gone' }
  }
  if (target.kind === 'person') {
    const { user_id } = target
    const reason = whyNot(user_id)
    if (reason === null) return { target, reason: 'person', candidates: [user_id] }
    return { reason: 'nobody_can', candidates: [user_id], excluded: [{ user_id, pool_id: null, reason }] }
  }
  const pool = desk.pools.get(target.pool_id)
  if (!pool) return { reason: 'nobody_can' }
  const { id: pool_id, strategy } = pool
  const { user_id, reason, candidates, ...choice } = choose(pool, owner_id, whyNot)
  const excluded = choice.excluded.map(each => ({ ...each, pool_id }))
  if (user_id === null) return { reason, candidates, excluded }
  give(pool, user_id, desk.now++)
  return { target: { kind: 'person', user_id }, reason, pool_id, strategy, candidates, excluded }
}

export function targetsOf({ target, fallback }: Pick<Rule, 'target' | 'fallback'>): RoutingTarget[] {
  return [target, ...fallback]
}

export function poolsOf(targets: RoutingTarget[]): number[] {
  return [...new Set(targets.flatMap(target => (target.kind === 'pool' ? [target.pool_id] : [])))]
}

export function workspacesOf(targets: RoutingTarget[]): number[] {
  return [...new Set(targets.flatMap(target => (target.kind === 'workspace' ? [target.workspace_id] : [])))]
}

/** Everybody whom these targets may mean. */
export function peopleOf(targets: RoutingTarget[], { pools }: Desk): number[] {
  const ids = targets.flatMap(target => {
    if (target.kind === 'person') return [target.user_id]
    return target.kind === 'pool' ? (pools.get(target.pool_id)?.members.map(member => member.user_id) ?? []) : []
  })
  return [...new Set(ids)]
}
