import Type, { type Static } from 'typebox'
import { CUSTOM_FILTER, CUSTOM_SORT, Custom, CustomGiven, type CustomSort } from './custom-fields.ts'
import { Actor, JsonObject, ListQuery, Nullable, oneOf, Time } from './shape.ts'

export const STAGES = ['lead', 'engaged', 'offer_viewed', 'converted'] as const
export type Stage = (typeof STAGES)[number]
export const SEGMENTS = ['no_show', 'skimmer', 'sampler', 'engaged', 'hot'] as const

const touch = {
  utm_source: Nullable(Type.String()),
  utm_medium: Nullable(Type.String()),
  utm_campaign: Nullable(Type.String()),
  utm_term: Nullable(Type.String()),
  utm_content: Nullable(Type.String()),
}

export const StageByHand = Type.Object(
  { stage: oneOf(STAGES), at: Time, by: Actor },
  { description: 'the stage that a person said; what came later may have moved it on' },
)
export type StageByHand = Static<typeof StageByHand>

export const Contact = Type.Object({
  id: Type.Integer({ description: 'six digits' }),
  email: Nullable(Type.String()),
  phone: Nullable(Type.String({ description: 'E.164' })),
  user_id: Nullable(Type.String({ description: "the id in the customer's own application" })),
  is_member: Type.Boolean({ description: 'signed up or logged in' }),
  name: Nullable(Type.String()),
  first_name: Nullable(Type.String()),
  last_name: Nullable(Type.String()),
  age: Nullable(Type.Integer()),
  gender: Nullable(Type.String()),
  address: Type.Unsafe<unknown>({ description: 'text or an object, as it was given; null when unknown' }),
  properties: JsonObject,
  custom: Custom,
  stage: oneOf(STAGES),
  stage_by_hand: Nullable(StageByHand),
  segment: Nullable(Type.Unsafe<(typeof SEGMENTS)[number]>({ type: 'string' })),
  watch_percentage: Type.Integer(),
  owner_id: Nullable(Type.Integer()),
  engagement_score: Type.Integer(),
  visit_count: Type.Integer(),
  event_count: Type.Integer(),
  first_seen: Nullable(Time),
  last_visit: Nullable(Time),
  country_code: Nullable(Type.String()),
  region: Nullable(Type.String()),
  city: Nullable(Type.String()),
  referring_domain: Nullable(Type.String()),
  ...touch,
  utm_source_last: Nullable(Type.String()),
  utm_medium_last: Nullable(Type.String()),
  utm_campaign_last: Nullable(Type.String()),
  utm_term_last: Nullable(Type.String()),
  utm_content_last: Nullable(Type.String()),
  referral_code: Nullable(Type.String()),
  registered_at: Nullable(Time),
  engaged_at: Nullable(Time),
  offer_viewed_at: Nullable(Time),
  converted_at: Nullable(Time),
  lifetime_value: Type.Number({ description: "of conversions in the workspace's currency, less refunds" }),
  conversion_count: Type.Integer(),
  merged_into: Nullable(Type.Integer({ description: 'the contact that this one is part of' })),
  archived_at: Nullable(Time),
  created_at: Time,
  updated_at: Time,
})
export type Contact = Static<typeof Contact>

export const CONTACT_SORTS = ['-last_visit', '-created_at', 'name', '-name', 'email', 'created_at', 'last_visit'] as const

/** By a field of one's own: `custom.<key>`. */
export type ContactSort = (typeof CONTACT_SORTS)[number] | CustomSort

export const ContactsQuery = Type.Object(
  {
    ...ListQuery,
    sort: Type.Optional(
      Type.Unsafe<ContactSort>({
        type: 'string',
        anyOf: [{ enum: [...CONTACT_SORTS] }, { pattern: CUSTOM_SORT }],
        description: `${CONTACT_SORTS.join(', ')}, or custom.<key> and -custom.<key> for a field of your own`,
      }),
    ),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'part of a name, an e-mail, a phone or a user_id' })),
    email: Type.Optional(Type.String({ maxLength: 320 })),
    phone: Type.Optional(Type.String({ maxLength: 50 })),
    user_id: Type.Optional(Type.String({ maxLength: 500 })),
    stage: Type.Optional(oneOf(STAGES)),
    segment: Type.Optional(Type.Unsafe<(typeof SEGMENTS)[number]>({ type: 'string', enum: [...SEGMENTS] })),
    segment_id: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'of a segment of your own (`GET /segments`)' }),
    ),
    tag: Type.Optional(Type.String({ maxLength: 100, description: 'the name of a tag, in any case' })),
    rule: Type.Optional(
      Type.String({ maxLength: 8000, description: 'a rule as segments have it, as JSON: {"any": [...]} (docs/api/segments.md)' }),
    ),
    is_member: Type.Optional(Type.Boolean()),
    country_code: Type.Optional(Type.String({ maxLength: 2 })),
    owner_id: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'whose they are' })),
    archived: Type.Optional(Type.Boolean({ description: 'true: those who are archived, and nobody else' })),
  },
  { additionalProperties: false, patternProperties: { [CUSTOM_FILTER]: { type: 'string', maxLength: 500 } } },
)
export type ContactsQuery = Static<typeof ContactsQuery> & { [filter: `custom.${string}`]: string }

const editable = {
  email: Type.Optional(Nullable(Type.String({ maxLength: 320 }))),
  phone: Type.Optional(Nullable(Type.String({ maxLength: 50 }))),
  first_name: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
  last_name: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
  age: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 150 }))),
  gender: Type.Optional(Nullable(Type.String({ maxLength: 50 }))),
  address: Type.Optional(Type.Unsafe<unknown>({})),
  owner_id: Type.Optional(Nullable(Type.Integer())),
  properties: Type.Optional(JsonObject),
  custom: Type.Optional(CustomGiven),
}

/** At least an e-mail or a phone: that is what makes a contact. */
export const ContactCreate = Type.Object(editable, { additionalProperties: false })
export type ContactCreate = Static<typeof ContactCreate>

export const ContactUpdate = Type.Object(
  {
    ...editable,
    stage: Type.Optional(Nullable(oneOf(STAGES, 'what comes later moves it on; null: as events say'))),
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type ContactUpdate = Static<typeof ContactUpdate>

export const LinkCreate = Type.Object(
  {
    url: Type.String({ minLength: 1, maxLength: 2000, description: 'where the link leads: a page on one of the allowed hosts' }),
    expires_in_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366, description: '30 without' })),
  },
  { additionalProperties: false },
)
export type LinkCreate = Static<typeof LinkCreate>

/** A link for one contact's e-mail: whoever follows it is known as this contact. */
export const Link = Type.Object({ url: Type.String(), expires_at: Time })
export type Link = Static<typeof Link>
