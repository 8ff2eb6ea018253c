import Type, { type Static } from 'typebox'
import { Nullable, Time } from './shape.ts'

const strict = { additionalProperties: false }

/** The event by which the tracker, and any other sender of events, says what a visitor allows. */
export const CONSENT_EVENT = 'consent_changed'
/** The purpose that decides whether events are taken. */
export const ANALYTICS = 'analytics'
/** The purpose that decides whether somebody is put on mailing lists. */
export const MARKETING = 'marketing'
export const MOST_PURPOSES = 50

export const CONSENT_SOURCES = ['tracker', 'form', 'api', 'import', 'person'] as const
export type ConsentSource = (typeof CONSENT_SOURCES)[number]
const Source = Type.Unsafe<ConsentSource>({ type: 'string', enum: [...CONSENT_SOURCES] })

export const PurposeName = Type.String({ pattern: '^[a-z][a-z0-9_]{0,49}$', description: 'small letters, digits and _' })
const Label = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })
const Version = Type.String({ minLength: 1, maxLength: 100 })
const Text = Type.String({ minLength: 1, maxLength: 10_000 })

export const ConsentPurpose = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  label: Type.String(),
  texts: Type.Array(Type.Object({ version: Type.String(), text: Type.String(), created_at: Time }), {
    description: 'what people are asked, the newest first',
  }),
  created_at: Time,
})
export type ConsentPurpose = Static<typeof ConsentPurpose>
export const ConsentPurposes = Type.Object({ data: Type.Array(ConsentPurpose) })
export type ConsentPurposes = Static<typeof ConsentPurposes>

const words = { text_version: Type.Optional(Version), text: Type.Optional(Text) }
export const ConsentPurposeCreate = Type.Object({ name: PurposeName, label: Type.Optional(Label), ...words }, strict)
export type ConsentPurposeCreate = Static<typeof ConsentPurposeCreate>
export const ConsentPurposeUpdate = Type.Object({ label: Type.Optional(Label), ...words }, strict)
export type ConsentPurposeUpdate = Static<typeof ConsentPurposeUpdate>

export const ConsentsAdd = Type.Object(
  {
    purposes: Type.Record(Type.String({ maxLength: 50 }), Type.Boolean(), {
      maxProperties: MOST_PURPOSES,
      description: 'by the name of each: true is yes, false is no',
    }),
    source: Type.Optional(Source),
    text_version: Type.Optional(Version),
    said_at: Type.Optional(Time),
  },
  strict,
)
export type ConsentsAdd = Static<typeof ConsentsAdd>

const said = {
  purpose: Type.String(),
  source: Source,
  text_version: Nullable(Type.String()),
  text: Nullable(Type.String({ description: 'the words, where a form brought them instead of a version' })),
  said_at: Time,
}
export const ContactConsents = Type.Object({
  data: Type.Array(
    Type.Object({
      purpose: Type.String(),
      label: Type.String(),
      granted: Nullable(Type.Boolean({ description: 'what holds now; null: never asked' })),
      source: Nullable(Source),
      text_version: Nullable(Type.String()),
      text: Nullable(Type.String()),
      said_at: Nullable(Time),
    }),
    { description: 'every purpose of the workspace' },
  ),
  history: Type.Array(
    Type.Object({ id: Type.Integer(), granted: Type.Boolean(), visitor_id: Nullable(Type.Integer()), ...said }),
    {
      description: 'what was said, the newest 100 first; visitor_id: on which device',
    },
  ),
})
export type ContactConsents = Static<typeof ContactConsents>
