import type { Exportable } from '../../shared/exports.ts'
import { levelOf, type Mask, type PermissionAction, type PermissionScope } from '../../shared/permissions.ts'
import type { Actor } from '../../shared/shape.ts'
import { type Limits, limitsOfRequest } from '../database/limits.ts'
import { refuse } from '../errors.ts'
import type { Caller } from '../workspaces/authenticate.ts'
import { type Access, whose } from '../workspaces/roles/access.ts'

/** What somebody saw when they asked for it, which is what their worker sees. */
export type Sight = { limits?: Limits; masks?: readonly Mask[] }

const SCOPES: Record<Exportable, PermissionScope & keyof Limits> = {
  contacts: 'contacts',
  leads: 'leads',
  appointments: 'appointments',
  conversions: 'conversions',
  visitors: 'visitors',
  events: 'visitors',
  activities: 'visitors',
}

/** What the caller may do this with: no more than they see, and of that no more than they may change or take along. Throws `forbidden`. */
export function sightFor(caller: Caller, of: Exportable, action: PermissionAction): Sight {
  const seen = limitsOfRequest()
  const theirs = whoseMay(caller, of, action)
  const scope = SCOPES[of]
  const limits = theirs === null ? seen : { ...(seen ?? EVERYBODY), [scope]: both(seen?.[scope] ?? null, theirs) }
  const { masks } = caller.rights
  return { ...(limits && { limits }), ...(masks.length > 0 && { masks }) }
}

/** Whose records the caller may do this with; null for everybody's. Throws `forbidden` where it is nobody's. */
export function whoseMay({ role, rights, scopes }: Caller, of: Exportable, action: PermissionAction): number[] | null {
  if (role === null) {
    if (action !== 'export' && !scopes.includes('update')) throw refuse('missing_scope', { fields: { scope: 'update' } })
    return null
  }
  const users = whose(rights as Access, SCOPES[of], action)
  if (users?.length === 0) throw refuse('forbidden')
  return users
}

/** Whether a new file of this would be theirs: somebody's role may be less than it was when they asked. */
export function mayExport({ role, rights }: Caller, of: Exportable): boolean {
  return role === null || (rights.masks.length === 0 && levelOf(rights, SCOPES[of], 'export') === 'all')
}

/** Nothing brings back who was erased, so it takes what the page for it takes. Throws `forbidden`. */
export function requireMayErase({ rights, scopes }: Caller) {
  if (!scopes.includes('admin') || levelOf(rights, 'privacy', 'update') !== 'all') throw refuse('forbidden')
}

/** Stopped and begun again by whoever asked for it, and by those who may change everybody's records. Throws `forbidden`. */
export function requireTheirs(actor: Actor, caller: Caller) {
  const is_theirs = actor.kind === caller.actor.kind && actor.id === caller.actor.id
  if (!is_theirs && !caller.scopes.includes('update')) throw refuse('forbidden')
}

const EVERYBODY: Limits = { contacts: null, leads: null, tasks: null, appointments: null, conversions: null, visitors: null }

function both(one: number[] | null, other: number[]): number[] {
  return one === null ? other : other.filter(user => one.includes(user))
}
