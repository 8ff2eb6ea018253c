import Type, { type Static } from 'typebox'
import { ListQuery, Nullable, Time } from './shape.ts'

export const Visitor = Type.Object({
  id: Type.Integer(),
  distinct_id: Type.String(),
  kind: Type.Unsafe<'anonymous' | 'user' | 'email' | 'blocked'>({ type: 'string' }),
  name: Nullable(Type.String({ description: "its own, or its contact's" })),
  contact_id: Nullable(Type.Integer()),
  person_id: Type.Integer({ description: 'the visitor that stands for the person' }),
  owner_id: Nullable(Type.Integer()),
  first_seen: Time,
  last_visit: Time,
  event_count: Type.Integer(),
  visit_count: Type.Integer(),
  country_code: Nullable(Type.String()),
  region: Nullable(Type.String()),
  city: Nullable(Type.String()),
  referring_domain: Nullable(Type.String()),
  utm_source: Nullable(Type.String()),
  utm_medium: Nullable(Type.String()),
  utm_campaign: Nullable(Type.String()),
  engagement_score: Type.Integer(),
  is_bot: Type.Boolean(),
})
export type Visitor = Static<typeof Visitor>

export const VisitorsQuery = Type.Object(
  {
    ...ListQuery,
    q: Type.Optional(Type.String({ maxLength: 200, description: 'the beginning of a distinct_id' })),
    distinct_id: Type.Optional(Type.String({ maxLength: 500 })),
    anonymous: Type.Optional(
      Type.Boolean({ description: 'true: only those who belong to no contact; false: only those who do' }),
    ),
    country_code: Type.Optional(Type.String({ maxLength: 2 })),
    owner_id: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: "whose they are; 0: nobody's" })),
  },
  { additionalProperties: false },
)
export type VisitorsQuery = Static<typeof VisitorsQuery>

export const VisitorUpdate = Type.Object(
  { owner_id: Nullable(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })) },
  { additionalProperties: false },
)
