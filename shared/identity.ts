import Type, { type Static } from 'typebox'
import { Actor, JsonObject, ListQuery, Nullable, Time } from './shape.ts'
import { Visitor } from './visitors.ts'

export const REASONS = ['alias', 'identify', 'event', 'form', 'email_link', 'import', 'manual'] as const
export const OUTCOMES = ['linked', 'noop', 'refused_two_identified', 'refused_blocked', 'refused_limit'] as const

/** One claim that two are one person, and what became of it. */
export const IdentityLink = Type.Object({
  id: Type.Integer(),
  reason: Type.Unsafe<(typeof REASONS)[number]>({ type: 'string', enum: [...REASONS] }),
  outcome: Type.Unsafe<(typeof OUTCOMES)[number]>({ type: 'string', enum: [...OUTCOMES] }),
  visitor_id: Type.Integer(),
  distinct_id: Type.String(),
  other_visitor_id: Nullable(Type.Integer()),
  other_distinct_id: Nullable(Type.String()),
  contact_id: Nullable(
    Type.Integer({ description: 'the contact that the visitor was linked to, when it was not another visitor' }),
  ),
  forced: Type.Boolean(),
  actor: Actor,
  message_id: Nullable(Type.String()),
  occurred_at: Time,
  repeats: Type.Integer(),
  last_at: Time,
  revoked_at: Nullable(Time),
  revoked_by: Nullable(Actor),
})
export type IdentityLink = Static<typeof IdentityLink>

export const ContactMerge = Type.Object({
  id: Type.Integer(),
  winner_id: Type.Integer(),
  loser_id: Type.Integer(),
  loser_name: Nullable(Type.String()),
  forced: Type.Boolean(),
  actor: Actor,
  created_at: Time,
  undone_at: Nullable(Time),
  undone_by: Nullable(Actor),
})
export type ContactMerge = Static<typeof ContactMerge>

/** Who a contact is made of, and every claim that made it so. */
export const Identity = Type.Object({
  contact_id: Type.Integer(),
  person_id: Nullable(Type.Integer()),
  visitors: Type.Array(Visitor),
  keys: Type.Array(Type.Object({ kind: Type.String(), value: Type.String() })),
  links: Type.Array(IdentityLink),
  merges: Type.Array(ContactMerge),
})
export type Identity = Static<typeof Identity>

/** A claim that the guard refused, or two contacts that look like one: for a person to decide. */
export const Review = Type.Object({
  kind: Type.Unsafe<'link' | 'suggestion'>({ type: 'string', enum: ['link', 'suggestion'] }),
  id: Type.Integer(),
  at: Time,
  reason: Type.String(),
  outcome: Nullable(Type.String()),
  repeats: Type.Integer(),
  distinct_id: Nullable(Type.String()),
  other_distinct_id: Nullable(Type.String()),
  contact: Nullable(
    Type.Object({
      id: Type.Integer(),
      name: Nullable(Type.String()),
      email: Nullable(Type.String()),
      phone: Nullable(Type.String()),
    }),
  ),
  other_contact: Nullable(
    Type.Object({
      id: Type.Integer(),
      name: Nullable(Type.String()),
      email: Nullable(Type.String()),
      phone: Nullable(Type.String()),
    }),
  ),
  evidence: JsonObject,
})
export type Review = Static<typeof Review>

export const ReviewQuery = Type.Object({ ...ListQuery }, { additionalProperties: false })

export const MergeRequest = Type.Object(
  {
    other_id: Type.Integer({ description: 'the contact that goes into this one' }),
    force: Type.Optional(Type.Boolean({ description: 'also when both are identified by a user_id of their own' })),
  },
  { additionalProperties: false },
)
export type MergeRequest = Static<typeof MergeRequest>

/** What a merge would do, computed and not done. */
export const MergePreview = Type.Object({
  winner_id: Type.Integer(),
  loser_id: Type.Integer(),
  needs_force: Type.Boolean(),
  visitors: Type.Integer({ description: 'distinct_ids of the merged contact' }),
  events: Type.Integer(),
  fields: Type.Array(
    Type.Object({
      field: Type.String(),
      winner: Type.Unsafe<unknown>({}),
      loser: Type.Unsafe<unknown>({}),
      merged: Type.Unsafe<unknown>({}),
    }),
  ),
})
export type MergePreview = Static<typeof MergePreview>

export const LinkRequest = Type.Object(
  {
    distinct_id: Type.String({ minLength: 1, maxLength: 500 }),
    force: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
