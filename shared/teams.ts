import Type, { type Static } from 'typebox'
import { Time } from './shape.ts'

const name = Type.String({ minLength: 1, maxLength: 100 })
const user_ids = Type.Array(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), { maxItems: 1000, uniqueItems: true })

/** People who see each other's records, where their role says `team`. */
export const Team = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  user_ids: Type.Array(Type.Integer()),
  created_at: Time,
})
export type Team = Static<typeof Team>

export const TeamCreate = Type.Object({ name, user_ids: Type.Optional(user_ids) }, { additionalProperties: false })
export type TeamCreate = Static<typeof TeamCreate>

/** `user_ids` is who is in it from then on. */
export const TeamUpdate = Type.Partial(TeamCreate, { additionalProperties: false })
export type TeamUpdate = Static<typeof TeamUpdate>
