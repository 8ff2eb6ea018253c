import Type, { type Static } from 'typebox'
import { ListQuery, Nullable, oneOf } from './shape.ts'
import { Transfer } from './transfers.ts'

export const IMPORT_OF = ['contacts', 'leads'] as const
export type ImportOf = (typeof IMPORT_OF)[number]
/** By which key rows find what is here: contacts by the first five, leads by the last three. */
export const IMPORT_KEYS = ['any', 'email', 'phone', 'user_id', 'id', 'external_id', 'none'] as const
export const IMPORT_MODES = ['both', 'create', 'update'] as const
export const IMPORT_OUTCOMES = ['created', 'updated', 'unchanged', 'skipped', 'ambiguous', 'failed'] as const
export const IMPORT_PRESETS = ['hubspot', 'salesforce', 'nationbuilder', 'mixpanel', 'throughline'] as const

const Target = Type.String({
  minLength: 1,
  maxLength: 200,
  description: '`email`, `tags`, `address.city`, `custom.<key>`, `properties.<key>` ...: see `targets`',
})

const settings = {
  columns: Type.Array(Type.Object({ header: Type.String({ maxLength: 500 }), target: Nullable(Target) }), { maxItems: 2000 }),
  fixed: Type.Array(Type.Object({ target: Target, value: Type.String({ maxLength: 10_000 }) }), {
    maxItems: 50,
    description: 'what every row says besides',
  }),
  by: oneOf(
    IMPORT_KEYS,
    'which key finds a contact; `any`: those of the workspace, in their order. Of leads: `id`, `external_id`, or `none`, and each row is a new one',
  ),
  mode: oneOf(IMPORT_MODES),
  empty: oneOf(['keep', 'clear'] as const, 'what an empty cell says of what is there already'),
  days: Nullable(oneOf(['YMD', 'DMY', 'MDY'] as const, 'how days are written; null: as it seems')),
  assign: Type.Boolean({ description: 'whether the assignment rules choose who gets a new lead for which the row names nobody' }),
}

export const ImportSettings = Type.Object(settings)
export type ImportSettings = Static<typeof ImportSettings>

export const ImportUpdate = Type.Partial(Type.Object(settings), { additionalProperties: false })
export type ImportUpdate = Static<typeof ImportUpdate>

export const ImportTarget = Type.Object({ name: Type.String(), label: Type.String(), group: Type.String() })
export type ImportTarget = Static<typeof ImportTarget>

const Of = oneOf(IMPORT_OF, 'what its rows become')

/** A file on its way to contacts or leads. */
export const Import = Type.Object({
  ...Transfer.properties,
  of: Of,
  format: oneOf(['csv', 'jsonl'] as const),
  encoding: Type.String(),
  separator: Nullable(Type.String()),
  rows: Type.Integer(),
  preset: Nullable(oneOf(IMPORT_PRESETS)),
  suggested_by: oneOf(
    ['memory', 'preset', 'names'] as const,
    'where the first mapping came from: the last file with these headings, ...',
  ),
  ...settings,
})
export type Import = Static<typeof Import>

export const ImportUpload = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'of the file' })),
    of: Type.Optional(Type.Unsafe<ImportOf>({ ...Of, description: 'what its rows become: contacts without' })),
    encoding: Type.Optional(Type.String({ maxLength: 40, description: 'such as windows-1252; without, it is found out' })),
    separator: Type.Optional(Type.String({ minLength: 1, maxLength: 1, description: 'of a table; without, it is found out' })),
  },
  { additionalProperties: false },
)
export type ImportUpload = Static<typeof ImportUpload>

export const ImportTargetsQuery = Type.Object({ of: Type.Optional(Of) }, { additionalProperties: false })

export const ImportTargets = Type.Object({ data: Type.Array(ImportTarget) })
export type ImportTargets = Static<typeof ImportTargets>

/** The first rows as they would be read. */
export const ImportPreview = Type.Object({
  data: Type.Array(
    Type.Object({
      row: Type.Integer(),
      cells: Type.Array(Type.Unsafe<unknown>({})),
      says: Type.Record(Type.String(), Type.Unsafe<unknown>({})),
      problem: Nullable(Type.String()),
    }),
  ),
})
export type ImportPreview = Static<typeof ImportPreview>

export const ImportRow = Type.Object({
  row: Type.Integer(),
  outcome: oneOf(IMPORT_OUTCOMES),
  contact_id: Nullable(Type.Integer()),
  lead_id: Nullable(Type.Integer({ description: 'where rows become leads' })),
  reason: Nullable(Type.String()),
  reverted: Nullable(Type.String({ description: '`reverted`, or why it was left as it is' })),
})
export type ImportRow = Static<typeof ImportRow>

export const ImportRowsQuery = Type.Object(
  { ...ListQuery, outcome: Type.Optional(oneOf(IMPORT_OUTCOMES)) },
  { additionalProperties: false },
)
export type ImportRowsQuery = Static<typeof ImportRowsQuery>
