import Type, { type Static, type TSchema } from 'typebox'
import { Time } from './shape.ts'
import type { Role } from './workspaces.ts'

/** What a role is about. `visitors` are events too; `settings` are the workspace, its keys, its people, and how everything is set up. */
export const PERMISSION_SCOPES = [
  'contacts',
  'leads',
  'tasks',
  'appointments',
  'conversions',
  'visitors',
  'reports',
  'webhooks',
  'crm',
  'settings',
  'privacy',
] as const
export type PermissionScope = (typeof PERMISSION_SCOPES)[number]

export const PERMISSION_ACTIONS = ['read', 'create', 'update', 'delete', 'export'] as const
export type PermissionAction = (typeof PERMISSION_ACTIONS)[number]

/** From most to least. */
export const LEVELS = ['all', 'team', 'own', 'none'] as const
export type Level = (typeof LEVELS)[number]

/** Those whose records are somebody's. The others are all or none. */
export const OWNED_SCOPES: readonly PermissionScope[] = ['contacts', 'leads', 'tasks', 'appointments', 'conversions', 'visitors']

/** Fields of contacts and leads that a role may not see. */
export const MASKABLE = ['email', 'phone', 'street', 'zip_code', 'ip', 'revenue_potential'] as const
export type Mask = (typeof MASKABLE)[number]

const level = Type.Optional(Type.Unsafe<Level>({ type: 'string', enum: [...LEVELS] }))
const some = <K extends string>(names: readonly K[], shape: TSchema) =>
  Type.Object(Object.fromEntries(names.map(name => [name, shape])), { additionalProperties: false })

/** What is not named is `none`. */
export type Permissions = Partial<Record<PermissionScope, Partial<Record<PermissionAction, Level>>>>
export const Permissions = Type.Unsafe<Permissions>(some(PERMISSION_SCOPES, Type.Optional(some(PERMISSION_ACTIONS, level))))

const Masks = Type.Array(Type.Unsafe<Mask>({ type: 'string', enum: [...MASKABLE] }), {
  maxItems: MASKABLE.length,
  uniqueItems: true,
  description: 'fields that are left out of every answer',
})
const name = Type.String({ minLength: 1, maxLength: 100 })

/** The five that every workspace has (`id` null, their key is their name), and those of its own. */
export const RoleShown = Type.Object({
  id: Type.Union([Type.Integer(), Type.Null()]),
  name: Type.String(),
  permissions: Permissions,
  masks: Masks,
  member_count: Type.Integer(),
  created_at: Type.Union([Time, Type.Null()]),
})
export type RoleShown = Static<typeof RoleShown>

export const RoleCreate = Type.Object(
  { name, permissions: Permissions, masks: Type.Optional(Masks) },
  { additionalProperties: false },
)
export type RoleCreate = Static<typeof RoleCreate>

export const RoleUpdate = Type.Partial(RoleCreate, { additionalProperties: false })
export type RoleUpdate = Static<typeof RoleUpdate>

/** What who asks may do here. */
export const RightsShown = Type.Object({ permissions: Permissions, masks: Masks })

/** What a role lets do, whatever role it is. */
export type Rights = { permissions: Permissions; masks: readonly Mask[] }

const every = (scopes: readonly PermissionScope[], given: Partial<Record<PermissionAction, Level>>) =>
  Object.fromEntries(scopes.map(scope => [scope, given])) as Permissions
const all = { read: 'all', create: 'all', update: 'all', delete: 'all', export: 'all' } as const
const daily = PERMISSION_SCOPES.filter(scope => scope !== 'settings' && scope !== 'privacy')

/** Decision 0020 says why an agent reads what the team has, and changes only what is their own. */
export const BUILT_IN_ROLES: Record<Role, Rights> = {
  owner: { permissions: every(PERMISSION_SCOPES, all), masks: [] },
  admin: { permissions: every(PERMISSION_SCOPES, all), masks: [] },
  manager: {
    permissions: { ...every(daily, all), settings: { read: 'all' }, privacy: { read: 'all', create: 'all', update: 'all' } },
    masks: [],
  },
  agent: {
    permissions: {
      ...every(['contacts', 'conversions', 'visitors'], { read: 'team' }),
      ...every(['leads', 'appointments'], { read: 'team', create: 'own', update: 'own' }),
      tasks: { read: 'team', create: 'own', update: 'own', delete: 'own' },
      ...every(['reports', 'webhooks', 'crm', 'settings'], { read: 'all' }),
    },
    masks: [],
  },
  analyst: {
    permissions: { ...every(PERMISSION_SCOPES, { read: 'all' }), ...every(daily, { read: 'all', export: 'all' }) },
    masks: [],
  },
}

export function levelOf({ permissions }: Rights, scope: PermissionScope, action: PermissionAction): Level {
  // How a workspace is set up is what every screen begins with: whoever is a member may read that.
  if (scope === 'settings' && action === 'read') return 'all'
  return permissions[scope]?.[action] ?? 'none'
}

/** Whether the one lets do something that the other does not: nobody gives more than they have. */
export function exceeds(given: Rights, own: Rights): boolean {
  if (own.masks.some(mask => !given.masks.includes(mask))) return true
  return PERMISSION_SCOPES.some(scope =>
    PERMISSION_ACTIONS.some(
      action => LEVELS.indexOf(levelOf(given, scope, action)) < LEVELS.indexOf(levelOf(own, scope, action)),
    ),
  )
}
