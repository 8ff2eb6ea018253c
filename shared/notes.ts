import Type, { type Static } from 'typebox'
import { Actor, ListQuery, Nullable, Time } from './shape.ts'

const strict = { additionalProperties: false }
const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const LeadId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Body = Type.String({ minLength: 1, maxLength: 10_000, pattern: '\\S', description: 'plain text; line breaks stay' })

export const Note = Type.Object({
  id: Type.Integer(),
  contact_id: Type.Integer({ description: 'of a merged one the one that is left' }),
  contact_name: Nullable(Type.String({ description: 'or the e-mail or phone of one without a name' })),
  lead_id: Nullable(Type.Integer()),
  body: Type.String(),
  author: Actor,
  is_pinned: Type.Boolean({ description: 'stands above the others' }),
  may_change: Type.Boolean({ description: 'whether who asks may rewrite and delete it: who wrote it, and administrators' }),
  created_at: Time,
  edited_at: Nullable(Time),
  deleted_at: Nullable(Time),
})
export type Note = Static<typeof Note>

export const NotesQuery = Type.Object(
  {
    ...ListQuery,
    contact_id: Type.Optional(SmallId),
    lead_id: Type.Optional(LeadId),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'words, all of which are in the text' })),
  },
  strict,
)
export type NotesQuery = Static<typeof NotesQuery>

export const NoteCreate = Type.Object(
  {
    contact_id: Type.Optional(SmallId),
    lead_id: Type.Optional({ ...LeadId, description: 'it is on the contact of the lead too' }),
    body: Body,
    is_pinned: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type NoteCreate = Static<typeof NoteCreate>

export const NoteUpdate = Type.Object({ body: Type.Optional(Body), is_pinned: Type.Optional(Type.Boolean()) }, strict)
export type NoteUpdate = Static<typeof NoteUpdate>
