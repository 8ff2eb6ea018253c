import Type, { type TSchema } from 'typebox'
import { ErrorBody } from '../../shared/shape.ts'

/** The answers of a route: one success, and the one form that every refusal has. */
export function answers<const S extends number, T extends TSchema>(status: S, shape: T) {
  return { [status]: shape, '4xx': ErrorBody, '5xx': ErrorBody } as { [K in S]: T } & {
    '4xx': typeof ErrorBody
    '5xx': typeof ErrorBody
  }
}

export const IdParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })
/** Contact and workspace ids fit the database's `int`. */
export const SmallIdParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
export const Nothing = Type.Null()
