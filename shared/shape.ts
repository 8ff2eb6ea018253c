import Type, { type Static, type TSchema } from 'typebox'

/** Small pieces that the shapes of every noun are made of. Times are ISO 8601 in UTC, in JSON as on the wire. */
export const Time = Type.String({ format: 'date-time' })

/** `null` or the thing itself, in the form that OpenAPI 3.1 and the serializer both read fast. */
export function Nullable<T extends TSchema>(shape: T) {
  const { type, enum: choices } = shape as { type?: string; enum?: unknown[] }
  if (!type) return Type.Unsafe<Static<T> | null>({ anyOf: [shape, { type: 'null' }] })
  return Type.Unsafe<Static<T> | null>({ ...shape, type: [type, 'null'], ...(choices && { enum: [...choices, null] }) })
}

/** One of a closed set of words. */
export function oneOf<const T extends readonly string[]>(choices: T, description?: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...choices], ...(description ? { description } : {}) })
}

/** A page of a list: at most `limit` things, and where the next page begins. */
export function Page<T extends TSchema>(item: T) {
  return Type.Object({ data: Type.Array(item), next_cursor: Nullable(Type.String()) })
}

export const ListQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 1000 })),
}

/** Anything at all, of JSON. */
export const Json = Type.Unsafe<unknown>({})
export const JsonObject = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true })

export const Actor = Type.Object({
  kind: Type.String({ description: 'user, key, event, intake, customer or system' }),
  id: Type.Optional(Nullable(Type.Integer())),
  name: Type.Optional(Nullable(Type.String())),
})
export type Actor = Static<typeof Actor>

export const ErrorBody = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    fields: Type.Optional(Type.Record(Type.String(), Type.String())),
    slots: Type.Optional(
      Type.Array(Type.Object({ starts_at: Time, ends_at: Time, user_ids: Type.Optional(Type.Array(Type.Integer())) }), {
        description: 'what is free instead of a time that is taken',
      }),
    ),
  }),
})
