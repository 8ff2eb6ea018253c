import Type, { type Static } from 'typebox'
import { progress } from './runs.ts'
import { ListQuery, oneOf } from './shape.ts'

export const TRANSFER_KINDS = ['import', 'export', 'bulk', 'hand_over'] as const
export const TRANSFER_STATES = ['waiting', 'running', 'done', 'failed', 'refused', 'stopped'] as const

/** An import, an export, an action on many records, or handing over what is somebody's: long work that was asked for. */
export const Transfer = Type.Object({
  id: Type.Integer(),
  kind: oneOf(TRANSFER_KINDS),
  name: Type.String({ description: 'the file, or what is done' }),
  step: Type.String({ description: 'what is done now or was done last' }),
  state: oneOf(TRANSFER_STATES, 'waiting: for somebody to say how it goes on'),
  ...progress,
})
export type Transfer = Static<typeof Transfer>

export const TransfersQuery = Type.Object(
  {
    ...ListQuery,
    kind: Type.Optional(oneOf(TRANSFER_KINDS)),
    state: Type.Optional(oneOf(TRANSFER_STATES)),
    unseen: Type.Optional(Type.Boolean({ description: 'only yours that ended and that you have not looked at' })),
  },
  { additionalProperties: false },
)
export type TransfersQuery = Static<typeof TransfersQuery>
