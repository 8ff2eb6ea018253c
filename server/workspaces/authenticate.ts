import type { FastifyRequest } from 'fastify'
import { BUILT_IN_ROLES, type Rights } from '../../shared/permissions.ts'
import type { Actor } from '../../shared/shape.ts'
import type { MemberRole } from '../../shared/workspaces.ts'
import { limitReading } from '../database/limits.ts'
import { refuse } from '../errors.ts'
import type { Context } from '../http/routes.ts'
import { authenticateKey } from './key-cache.ts'
import { accessOf, limitsOf, mayAsk, scopesOf, whose } from './roles/access.ts'
import { requireUnmasked } from './roles/mask.ts'
import { type Need, placeOf } from './roles/place.ts'
import { requireTarget } from './roles/target.ts'
import { csrfTokenOf, sameText } from './secrets.ts'
import { COOKIE, findSession } from './sessions.ts'
import { spend, USUAL_LIMIT } from './spend.ts'

export type Caller = {
  workspace_id: number
  actor: Actor
  role: MemberRole | null
  scopes: string[]
  /** What the role lets do; of a key, what its scopes come to. */
  rights: Rights
  /** Changes what is theirs alone: whatever they make is their own. */
  only_of: number | null
}

/** Who asks, and in which workspace. Throws what a client is told when they may not: each route calls it first. */
export async function authorize(context: Context, request: FastifyRequest, need: Need): Promise<Caller> {
  const key = keyOf(request)
  const caller = await (key === undefined ? authorizeSession(context, request, need) : authorizeKey(context, request, key, need))
  callers.set(request, caller)
  return caller
}

const callers = new WeakMap<FastifyRequest, Caller>()

/** Who a request turned out to be of, for what happens after it was answered. */
export function callerOf(request: FastifyRequest): Caller | undefined {
  return callers.get(request)
}

async function authorizeKey(context: Context, request: FastifyRequest, text: string, need: Need): Promise<Caller> {
  const key = await authenticateKey(context, text, request.ip)
  if (!key) throw refuse('unknown_key')
  await spend(context.database, request, key, key.rate_limit ?? USUAL_LIMIT)
  // Who may change everything may also say what was sold.
  if (!key.scopes.includes(need) && !(need === 'convert' && key.scopes.includes('update')))
    throw refuse('missing_scope', { fields: { scope: need } })
  const actor = { kind: 'key', id: key.key_id, name: key.name }
  return { workspace_id: key.workspace_id, actor, role: null, scopes: key.scopes, rights: rightsOf(key.scopes), only_of: null }
}

async function authorizeSession(context: Context, request: FastifyRequest, need: Need): Promise<Caller> {
  const token = request.cookies[COOKIE]
  if (token === undefined) throw refuse('not_signed_in')
  const workspace_id = workspaceOf(request)
  const found = await findSession(context.database, token, workspace_id)
  if (!found) throw refuse('not_signed_in')
  if (!isSafe(request)) requireCsrf(request, token)
  if (workspace_id === null) {
    throw refuse('invalid_request', { fields: { 'x-workspace-id': 'is required: name the workspace that you work in' } })
  }
  // Somebody else's workspace is answered as one that does not exist.
  if (found.role === null) throw refuse('not_found')
  if (found.needs_totp) throw refuse('totp_required')
  const access = accessOf(found)
  if (!mayAsk(access, request, need)) throw refuse('forbidden')
  requireUnmasked(request, access.masks)
  // What is written reads more than it shows: whose contact an e-mail is, what a number comes to. Whether the record is theirs is asked first.
  limitReading(need === 'read' ? limitsOf(access) : undefined)
  if (need !== 'read') await requireTarget(context.database.system, workspace_id, access, request, need)
  return {
    workspace_id,
    actor: { kind: 'user', id: found.user_id, name: found.name },
    role: found.role,
    scopes: scopesOf(access, request),
    rights: access,
    only_of: need === 'read' || !isOnlyOwn(access, request, need) ? null : found.user_id,
  }
}

/** What is changed by its own address was found to be theirs or their team's; whatever else they name must be their own. */
function isOnlyOwn(access: ReturnType<typeof accessOf>, request: FastifyRequest, need: Need) {
  const { scope, action } = placeOf(request, need)
  const users = whose(access, scope, action)
  if (users === null) return false
  const names_one = 'id' in ((request.params ?? {}) as object)
  return !names_one || (access.permissions[scope]?.[action] ?? 'none') !== 'team'
}

/** What a key with these scopes may do: what it gives to people and to other keys is no more than that. */
export function rightsOf(scopes: string[]): Rights {
  const rules = scopes.includes('admin')
  if (scopes.includes('update')) return rules ? BUILT_IN_ROLES.admin : BUILT_IN_ROLES.manager
  const { settings, privacy } = BUILT_IN_ROLES.admin.permissions
  const reads = scopes.includes('read') ? BUILT_IN_ROLES.analyst.permissions : {}
  return { permissions: { ...reads, ...(rules && { settings: settings!, privacy: privacy! }) }, masks: [] }
}

/** Somebody who is signed in, in no workspace: for what concerns themselves. */
export async function authorizeUser(
  context: Context,
  request: FastifyRequest,
): Promise<{ user_id: number; name: string; token: string }> {
  const token = request.cookies[COOKIE]
  const found = token === undefined ? undefined : await findSession(context.database, token)
  if (token === undefined || !found) throw refuse('not_signed_in')
  if (!isSafe(request)) requireCsrf(request, token)
  return { ...found, token }
}

/** The secret key of a request: Bearer, or the user name of Basic. */
export function keyOf(request: FastifyRequest): string | undefined {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ', 2)
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0]!
  return undefined
}

/** Header or query: an EventSource cannot send headers. It is taken out of the query before that is validated (server/app.ts). */
export function workspaceOf(request: FastifyRequest): number | null {
  const header = request.headers['x-workspace-id']
  const named = header ?? new URL(request.raw.url ?? '/', 'http://localhost').searchParams.get('workspace_id')
  if (named === null || named === undefined) return null
  const id = Number(named)
  if (Number.isInteger(id) && id > 0 && id <= 2_147_483_647) return id
  throw refuse('not_found')
}

function isSafe(request: FastifyRequest) {
  return request.method === 'GET' || request.method === 'HEAD'
}

function requireCsrf(request: FastifyRequest, session_token: string) {
  const given = request.headers['x-csrf-token']
  if (typeof given !== 'string' || !sameText(given, csrfTokenOf(session_token))) throw refuse('csrf')
}
