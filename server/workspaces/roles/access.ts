import type { FastifyRequest } from 'fastify'
import {
  BUILT_IN_ROLES,
  type Level,
  levelOf,
  type Mask,
  PERMISSION_SCOPES,
  type PermissionAction,
  type PermissionScope,
  type Permissions,
  type Rights,
} from '../../../shared/permissions.ts'
import type { MemberRole } from '../../../shared/workspaces.ts'
import type { Limits } from '../../database/limits.ts'
import { type Need, placeOf } from './place.ts'

/** What a member may do, and whose records count as theirs. */
export type Access = Rights & {
  user_id: number
  /** Who is in a team with them; null where a workspace has no teams: then everybody is one. */
  team: number[] | null
}

export type Member = {
  user_id: number
  role: MemberRole | null
  permissions: Permissions | null
  masks: Mask[] | null
  has_teams: boolean
  team: number[] | null
}

export function accessOf({ user_id, role, permissions, masks, has_teams, team }: Member): Access {
  const rights =
    role === null || role === 'custom' ? { permissions: permissions ?? {}, masks: masks ?? [] } : BUILT_IN_ROLES[role]
  return { ...rights, user_id, team: has_teams ? [...new Set([user_id, ...(team ?? [])])] : null }
}

/** Whether the route may be asked at all, of any record. */
export function mayAsk(access: Access, request: FastifyRequest, need: Need): boolean {
  const { scope, action, only_all } = placeOf(request, need)
  if (need === 'admin' && levelOf(access, 'settings', 'update') !== 'all') return false
  if (action === 'export' && access.masks.length > 0) return false
  const level = levelOf(access, scope, action)
  return only_all ? level === 'all' : level !== 'none'
}

/** Whose records: null for everybody's. */
export function whose(access: Access, scope: PermissionScope, action: PermissionAction): number[] | null {
  const theirs: Record<Level, number[] | null> = { all: null, team: access.team, own: [access.user_id], none: [] }
  return theirs[levelOf(access, scope, action)]
}

/** Undefined for who sees everything: nothing has to be held back from them. */
export function limitsOf(access: Access): Limits | undefined {
  const of = (scope: PermissionScope) => whose(access, scope, 'read')
  const limits = {
    contacts: of('contacts'),
    leads: of('leads'),
    tasks: of('tasks'),
    appointments: of('appointments'),
    conversions: of('conversions'),
    visitors: of('visitors'),
  }
  // Of what others began, who sees only some records sees nothing: it names records that are not theirs.
  return Object.values(limits).some(users => users !== null) ? { ...limits, transfers: [access.user_id] } : undefined
}

/** The scopes of a key that come to the same here: what only asks "may they change this, whosever it is" goes by them. */
export function scopesOf(access: Access, request: FastifyRequest): Need[] {
  const { scope } = placeOf(request, 'update')
  // A key sees and changes everybody's records in every scope, so whoever makes one must do so as well.
  const scopes = scope === 'settings' ? PERMISSION_SCOPES.filter(one => one !== 'privacy') : [scope]
  const all = (action: PermissionAction) => scopes.every(one => levelOf(access, one, action) === 'all')
  const is_admin = levelOf(access, 'settings', 'update') === 'all'
  const may: Need[] = []
  if (all('read') && access.masks.length === 0) may.push('read')
  if (scope === 'settings' ? is_admin && all('update') : all('update')) may.push('update', 'ingest')
  if (is_admin) may.push('admin')
  return may
}
