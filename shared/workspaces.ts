import Type, { type Static } from 'typebox'
import { Nullable, oneOf, Time } from './shape.ts'

export const Role = Type.Unsafe<'owner' | 'admin' | 'manager' | 'agent' | 'analyst'>({
  type: 'string',
  enum: ['owner', 'admin', 'manager', 'agent', 'analyst'],
})
export type Role = Static<typeof Role>

/** `custom` has a role of the workspace's own. */
export const MemberRole = Type.Unsafe<Role | 'custom'>({
  type: 'string',
  enum: ['owner', 'admin', 'manager', 'agent', 'analyst', 'custom'],
})
export type MemberRole = Static<typeof MemberRole>

export const Workspace = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  organization_id: Type.Integer(),
  organization: Type.String(),
  country: Type.String({ description: 'of phone numbers written without one, ISO 3166' }),
  time_zone: Type.String({ description: 'of reports, IANA' }),
  currency: Type.String({ description: 'ISO 4217' }),
  match_keys: Type.Array(Type.String()),
  allowed_hosts: Type.Array(Type.String(), { description: 'hosts that links in e-mails may lead to' }),
  webhook_log_days: Type.Integer({ description: 'how long a delivery stays in the log of webhooks after it ended' }),
  accepts_from: Type.Array(Type.Integer(), {
    description: 'workspaces of the same organization that may hand appointments on to this one',
  }),
  require_totp: Type.Boolean({ description: 'everybody who signs in with a password gives a code, too' }),
  contacts: Type.Integer({ description: 'how many contacts it has had' }),
  role: Nullable(MemberRole),
  created_at: Time,
  updated_at: Time,
})
export type Workspace = Static<typeof Workspace>

export const WorkspaceCreate = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    organization: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'found by name or made; default: yours' }),
    ),
    country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
    time_zone: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
  },
  { additionalProperties: false },
)
export type WorkspaceCreate = Static<typeof WorkspaceCreate>

export const WorkspaceUpdate = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
    time_zone: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    match_keys: Type.Optional(
      Type.Array(Type.Unsafe<'user_id' | 'email' | 'phone'>({ type: 'string', enum: ['user_id', 'email', 'phone'] }), {
        minItems: 1,
        maxItems: 3,
        uniqueItems: true,
      }),
    ),
    allowed_hosts: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 253 }), { maxItems: 100 })),
    webhook_log_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 400 })),
    accepts_from: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), { maxItems: 1000, uniqueItems: true }),
    ),
    require_totp: Type.Optional(Type.Boolean()),
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type WorkspaceUpdate = Static<typeof WorkspaceUpdate>

export const Key = Type.Object({
  id: Type.Integer(),
  kind: Type.Unsafe<'write' | 'secret'>({ type: 'string', enum: ['write', 'secret'] }),
  name: Type.String(),
  prefix: Type.String({ description: 'the whole of a write key (it is public), the beginning of a secret one' }),
  scopes: Type.Array(Type.String()),
  expires_at: Nullable(Time),
  allowed_ips: Nullable(Type.Array(Type.String())),
  rate_limit: Nullable(Type.Integer({ description: 'requests a minute; null: what the server gives' })),
  created_by: Nullable(Type.Integer({ description: 'the user who made it' })),
  replaced_by: Nullable(Type.Integer({ description: 'the key that was made in its place' })),
  created_at: Time,
  last_used_at: Nullable(Time),
  last_ip: Nullable(Type.String({ description: 'from where it was used then' })),
  revoked_at: Nullable(Time),
})
export type Key = Static<typeof Key>

export const SCOPES = ['read', 'update', 'convert', 'ingest', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

const limits = {
  expires_at: Type.Optional(Nullable(Type.String({ format: 'date-time', description: 'refused from then on; null: never' }))),
  allowed_ips: Type.Optional(
    Nullable(
      Type.Array(Type.String({ minLength: 2, maxLength: 50 }), {
        minItems: 1,
        maxItems: 200,
        description: 'addresses and ranges such as 203.0.113.0/24 that it is taken from; null: all',
      }),
    ),
  ),
  rate_limit: Type.Optional(
    Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'requests a minute; null: what the server gives' })),
  ),
}

export const KeyCreate = Type.Object(
  {
    kind: Type.Unsafe<'write' | 'secret'>({ type: 'string', enum: ['write', 'secret'] }),
    name: Type.String({ minLength: 1, maxLength: 100 }),
    scopes: Type.Optional(Type.Array(oneOf(SCOPES), { maxItems: SCOPES.length, uniqueItems: true })),
    ...limits,
  },
  { additionalProperties: false },
)
export type KeyCreate = Static<typeof KeyCreate>

export const KeyUpdate = Type.Object(
  { name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })), ...limits },
  { additionalProperties: false },
)
export type KeyUpdate = Static<typeof KeyUpdate>

export const KeyRotation = Type.Object(
  {
    overlap_hours: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 720, default: 24, description: 'how long the old one still holds' }),
    ),
  },
  { additionalProperties: false },
)
export type KeyRotation = Static<typeof KeyRotation>

/** The one time that the whole of a secret key is shown. */
export const KeyCreated = Type.Intersect([Key, Type.Object({ key: Type.String() })])

export const Session = Type.Object({
  user: Type.Object({ id: Type.Integer(), email: Type.String(), name: Type.String() }),
  workspaces: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String(), organization: Type.String(), role: MemberRole })),
  csrf_token: Type.String({ description: 'send it back as the header x-csrf-token with every change' }),
})
export type Session = Static<typeof Session>

export const SignIn = Type.Object(
  { email: Type.String({ minLength: 3, maxLength: 320 }), password: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
)

export const FirstOwner = Type.Object(
  {
    token: Type.String({ minLength: 20, maxLength: 100 }),
    email: Type.String({ minLength: 3, maxLength: 320, pattern: '^[^@\\s]+@[^@\\s]+$' }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    password: Type.String({ minLength: 10, maxLength: 500 }),
    workspace: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false },
)
