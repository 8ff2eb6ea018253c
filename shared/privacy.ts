import Type, { type Static } from 'typebox'
import { Actor, ListQuery, Nullable, oneOf, Time } from './shape.ts'

const strict = { additionalProperties: false }

const subject = {
  contact_id: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  email: Type.Optional(Type.String({ minLength: 1, maxLength: 320 })),
  phone: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
}

/** Whom it is about: one of the three. */
export const PrivacySubject = Type.Object(subject, strict)
export type PrivacySubject = Static<typeof PrivacySubject>

const Counts = Type.Record(Type.String(), Type.Integer(), { description: 'rows by table' })

export const ErasurePreview = Type.Object({
  contacts: Type.Array(
    Type.Object({
      id: Type.Integer(),
      name: Nullable(Type.String()),
      email: Nullable(Type.String()),
      phone: Nullable(Type.String()),
    }),
    { description: 'as they are shown; those that were merged into them go too' },
  ),
  counts: Counts,
})
export type ErasurePreview = Static<typeof ErasurePreview>

export const ErasureCreate = Type.Object(
  { ...subject, reason: Type.Optional(Nullable(Type.String({ maxLength: 500, description: 'kept: name nobody in it' }))) },
  strict,
)
export type ErasureCreate = Static<typeof ErasureCreate>

export const Erasure = Type.Object({
  id: Type.Integer(),
  state: oneOf(['running', 'done', 'failed'], 'a failed one is tried again every hour'),
  contact_ids: Type.Array(Type.Integer()),
  total: Nullable(Type.Integer({ description: 'steps' })),
  done: Type.Integer(),
  counts: Counts,
  warning: Nullable(Type.String({ description: 'what has to be done elsewhere, by hand' })),
  error: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  actor: Actor,
  created_at: Time,
  ended_at: Nullable(Time),
})
export type Erasure = Static<typeof Erasure>
export const ErasuresQuery = Type.Object(ListQuery)
export type ErasuresQuery = Static<typeof ErasuresQuery>

export const KeptPlace = Type.Object({
  table: Type.String(),
  columns: Type.String(),
  why: Type.String(),
  kept: Type.String({ description: 'how long' }),
  erasure: Type.String({ description: 'what an erasure does' }),
})
export const KeptPlaces = Type.Object({
  encrypted: Type.Boolean({ description: 'whether e-mails and phones are encrypted wherever they stand in the database' }),
  data: Type.Array(KeptPlace),
})
export type KeptPlaces = Static<typeof KeptPlaces>

const Months = Type.Integer({ minimum: 1, maximum: 240 })
export const Retention = Type.Object({
  archive_months: Nullable(Type.Integer({ description: 'whoever did nothing for so long is archived; null: never' })),
  unengaged_months: Nullable(Type.Integer({ description: 'whoever did nothing for so long is erased; null: never' })),
  event_months: Nullable(
    Type.Integer({ description: 'whole months for which events are kept besides this one; null: for ever' }),
  ),
  events_before: Nullable(Time),
})
export type Retention = Static<typeof Retention>
export const RetentionUpdate = Type.Object(
  {
    archive_months: Type.Optional(Nullable(Months)),
    unengaged_months: Type.Optional(Nullable(Months)),
    event_months: Type.Optional(Nullable(Months)),
  },
  strict,
)
export type RetentionUpdate = Static<typeof RetentionUpdate>
export const RetentionQuery = Type.Object(
  { archive_months: Type.Optional(Months), unengaged_months: Type.Optional(Months), event_months: Type.Optional(Months) },
  strict,
)
export type RetentionQuery = Static<typeof RetentionQuery>
const Unengaged = Type.Object({
  contacts: Type.Integer(),
  sample: Type.Array(
    Type.Object({ id: Type.Integer(), name: Nullable(Type.String()), email: Nullable(Type.String()), last_at: Time }),
    { description: 'those who did nothing for the longest' },
  ),
})
export const RetentionPreview = Type.Object({
  archived: Nullable(Unengaged),
  erased: Nullable(Unengaged),
  events: Nullable(Type.Integer({ description: 'that would be deleted; null: not asked' })),
})
export type RetentionPreview = Static<typeof RetentionPreview>
