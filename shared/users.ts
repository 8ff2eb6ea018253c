import Type, { type Static } from 'typebox'
import { Role } from './workspaces.ts'

/** Somebody who works in the workspace. */
export const User = Type.Object({ id: Type.Integer(), name: Type.String(), email: Type.String(), role: Role })
export type User = Static<typeof User>
