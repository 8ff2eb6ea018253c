import Type, { type Static } from 'typebox'
import { Nullable, Time } from './shape.ts'
import { MemberRole } from './workspaces.ts'

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const email = Type.String({ minLength: 3, maxLength: 320, pattern: '^[^@\\s]+@[^@\\s]+$' })
const Given = { role: MemberRole, role_id: Type.Optional(Nullable(SmallId)) }

/** Somebody who works in the workspace. */
export const User = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  email: Type.String(),
  role: MemberRole,
  role_id: Nullable(Type.Integer({ description: 'of a role of your own; then `role` is `custom`' })),
})
export type User = Static<typeof User>

/** What somebody may be given: one of the five roles, or `custom` with the id of one of your own. */
export const MemberUpdate = Type.Object(Given, { additionalProperties: false })
export type MemberUpdate = Static<typeof MemberUpdate>

export const RemovalQuery = Type.Object(
  {
    transfer_to: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'whose their open records become; 0: nobody' }),
    ),
    revoke_keys: Type.Optional(Type.Boolean({ description: 'revokes the keys that they made, too' })),
  },
  { additionalProperties: false },
)

/** How many records are somebody's; of leads, tasks and appointments the open ones. */
export const HandedOver = Type.Object({
  contacts: Type.Integer(),
  visitors: Type.Integer(),
  leads: Type.Integer(),
  tasks: Type.Integer(),
  appointments: Type.Integer(),
})
export type HandedOver = Static<typeof HandedOver>

export const HandOver = Type.Object({ to: Nullable(SmallId) }, { additionalProperties: false })

/** What somebody would leave behind. */
export const Leavings = Type.Object({
  keys: Type.Array(
    Type.Object({ id: Type.Integer(), name: Type.String(), prefix: Type.String(), last_used_at: Nullable(Time) }),
    { description: 'keys that they made and that work' },
  ),
  records: HandedOver,
})
export type Leavings = Static<typeof Leavings>

export const Invitation = Type.Object({
  id: Type.Integer(),
  email: Type.String(),
  role: MemberRole,
  role_id: Nullable(Type.Integer()),
  invited_by: Nullable(Type.String({ description: 'the name of who invited' })),
  created_at: Time,
  sent_at: Time,
  expires_at: Time,
})
export type Invitation = Static<typeof Invitation>

export const InvitationSent = Type.Object({
  ...Invitation.properties,
  url: Nullable(Type.String({ description: 'the link, shown this once; null where the server sends it by mail' })),
})
export type InvitationSent = Static<typeof InvitationSent>

export const InvitationCreate = Type.Object({ email, ...Given }, { additionalProperties: false })
export type InvitationCreate = Static<typeof InvitationCreate>

const token = Type.String({ minLength: 20, maxLength: 100 })

/** What somebody sees who follows the link. */
export const InvitationLook = Type.Object({ token }, { additionalProperties: false })
export const InvitationSeen = Type.Object({
  email: Type.String(),
  workspace: Type.String(),
  role: Type.String({ description: 'the name of the role' }),
  has_account: Type.Boolean({
    description: 'somebody with this e-mail signs in and accepts; else a name and a password are needed',
  }),
})
export type InvitationSeen = Static<typeof InvitationSeen>

export const InvitationAccept = Type.Object(
  {
    token,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    password: Type.Optional(Type.String({ minLength: 10, maxLength: 500 })),
  },
  { additionalProperties: false },
)
export type InvitationAccept = Static<typeof InvitationAccept>
