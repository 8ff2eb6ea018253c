import Type, { type Static } from 'typebox'
import { Contact } from './contacts.ts'
import { Nullable, oneOf, Time } from './shape.ts'

const strict = { additionalProperties: false }

/** Words and not values, so that each is readable on light and on dark. */
export const TAG_COLORS = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'violet', 'pink'] as const
export type TagColor = (typeof TAG_COLORS)[number]
export const MOST_TAGS = 1000

export const TagName = Type.String({ minLength: 1, maxLength: 100 })
const Color = Nullable(oneOf(TAG_COLORS))

const tag = { id: Type.Integer(), name: Type.String(), color: Color }

/** As it stands on a contact. */
export const ContactTag = Type.Object(tag)
export type ContactTag = Static<typeof ContactTag>
export const ContactTags = Type.Object({ tags: Type.Array(ContactTag, { description: 'by name' }) })
export type ContactTags = Static<typeof ContactTags>

/** One contact. */
export const ContactWithTags = Type.Object({
  ...Contact.properties,
  ...ContactTags.properties,
  problems: Type.Record(Type.String(), Type.String(), {
    description: 'which of `properties` have the name of a field of your own and do not fit it: they fill no field',
  }),
})
export type ContactWithTags = Static<typeof ContactWithTags>

export const Tag = Type.Object({
  ...tag,
  contact_count: Type.Integer({ description: 'how many have it' }),
  created_at: Time,
})
export type Tag = Static<typeof Tag>
export const Tags = Type.Object({ data: Type.Array(Tag, { description: 'by name' }) })
export type Tags = Static<typeof Tags>

export const TagCreate = Type.Object({ name: TagName, color: Type.Optional(Color) }, strict)
export type TagCreate = Static<typeof TagCreate>
export const TagUpdate = Type.Object({ name: Type.Optional(TagName), color: Type.Optional(Color) }, strict)
export type TagUpdate = Static<typeof TagUpdate>

export const TagsAdd = Type.Object(
  { names: Type.Array(TagName, { minItems: 1, maxItems: 50, description: 'one that is not known yet is made' }) },
  strict,
)
