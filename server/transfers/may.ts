import type { Exportable, ExportableList } from '../../shared/exports.ts'
import { levelOf, type PermissionAction, type PermissionScope } from '../../shared/permissions.ts'
import type { Actor } from '../../shared/shape.ts'
import type { Limits } from '../database/limits.ts'
import { refuse } from '../errors.ts'
import type { Caller } from '../workspaces/authenticate.ts'
import { type Access, limitsOf, whose } from '../workspaces/roles/access.ts'
import type { Doer } from './doer.ts'

const SCOPES: Record<ExportableList, PermissionScope> = {
  contacts: 'contacts',
  leads: 'leads',
  appointments: 'appointments',
  conversions: 'conversions',
  visitors: 'visitors',
  events: 'visitors',
  activities: 'visitors',
}

function scopeOf(of: Exportable): PermissionScope {
  return of in SCOPES ? SCOPES[of as ExportableList] : 'reports'
}

/** What somebody may do this with: no more than they see, and of that no more than they may change or take along. Throws `forbidden`. */
export function limitsFor(doer: Doer, of: Exportable, action: PermissionAction): Limits | undefined {
  const seen = doer.role === null ? undefined : limitsOf(doer.rights as Access)
  const theirs = whoseMay(doer, of, action)
  if (theirs === null) return seen
  const scope = scopeOf(of) as keyof Limits // of what is nobody's it is everything or nothing
  return { ...(seen ?? EVERYBODY), [scope]: both(seen?.[scope] ?? null, theirs) }
}

/** Whose records they may do this with; null for everybody's. Throws `forbidden` where it is nobody's. */
export function whoseMay({ role, rights, scopes }: Doer, of: Exportable, action: PermissionAction): number[] | null {
  if (role === null) {
    if (action !== 'export' && !scopes.includes('update')) throw refuse('missing_scope', { fields: { scope: 'update' } })
    return null
  }
  const users = whose(rights as Access, scopeOf(of), action)
  if (users?.length === 0) throw refuse('forbidden')
  return users
}

/** Throws `forbidden` for who may do it with some records only. */
export function requireAll(doer: Doer, of: Exportable, action: PermissionAction) {
  if (whoseMay(doer, of, action) !== null) throw refuse('forbidden')
}

/** Whether a new file of this would be theirs: somebody's role may be less than it was when they asked. */
export function mayExport({ role, rights }: Doer, of: Exportable): boolean {
  return role === null || (rights.masks.length === 0 && levelOf(rights, scopeOf(of), 'export') === 'all')
}

/** Nothing brings back who was erased, so it takes what the page for it takes. Throws `forbidden`. */
export function requireMayErase({ rights }: Doer) {
  const rules = levelOf(rights, 'settings', 'update') === 'all'
  if (!rules || levelOf(rights, 'privacy', 'update') !== 'all') throw refuse('forbidden')
}

/** Stopped and begun again by whoever asked for it, and by those who may change everybody's records. Throws `forbidden`. */
export function requireTheirs(actor: Actor, caller: Caller) {
  const is_theirs = actor.kind === caller.actor.kind && actor.id === caller.actor.id
  if (!is_theirs && !caller.scopes.includes('update')) throw refuse('forbidden')
}

const EVERYBODY: Limits = {
  ...{ contacts: null, leads: null, tasks: null, appointments: null, conversions: null, visitors: null },
  transfers: null,
}

function both(one: number[] | null, other: number[]): number[] {
  return one === null ? other : other.filter(user => one.includes(user))
}
