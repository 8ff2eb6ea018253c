import Type, { type Static } from 'typebox'
import { STAGES } from './contacts.ts'
import { ListQuestion, SelectedIds } from './exports.ts'
import { ListQuery, Nullable, oneOf } from './shape.ts'
import { TagName } from './tags.ts'
import { Transfer } from './transfers.ts'

/** What can be done with many contacts or leads at once. */
export const BULK_ACTIONS = ['tag', 'untag', 'owner', 'stage', 'status', 'archive', 'restore', 'erase'] as const
export type BulkAction = (typeof BULK_ACTIONS)[number]
export const BULK_ROW_STATES = ['waiting', 'done', 'unchanged', 'refused'] as const

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

export const BulkCreate = Type.Object(
  {
    of: oneOf(['contacts', 'leads']),
    action: oneOf(BULK_ACTIONS, 'of contacts tag, untag, owner, stage, archive, restore and erase; of leads owner and status'),
    ids: Type.Optional(SelectedIds),
    query: Type.Optional({
      ...ListQuestion,
      description: 'all that match these filters of the list when it begins; all of it when empty',
    }),
    names: Type.Optional(Type.Array(TagName, { minItems: 1, maxItems: 20, description: 'for tag and untag' })),
    owner_id: Type.Optional(Nullable({ ...SmallId, description: 'for owner: a user; null: nobody' })),
    stage: Type.Optional(Nullable(oneOf(STAGES, 'for stage: of contacts; null: as events say'))),
    status: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'for status: the key of a stage' })),
    lost_reason: Type.Optional(Nullable(Type.String({ maxLength: 500 }))),
    dry_run: Type.Optional(
      Type.Boolean({ description: 'only says what would become of each; `start` does it with the same records' }),
    ),
  },
  { additionalProperties: false },
)
export type BulkCreate = Static<typeof BulkCreate>

export const Bulk = Type.Object({
  ...Transfer.properties,
  of: oneOf(['contacts', 'leads']),
  action: oneOf([...BULK_ACTIONS, 'undo']),
  undo_of: Nullable(Type.Integer({ description: 'the action that this one takes back' })),
  undone_by: Nullable(Type.Integer({ description: 'the action that took this one back' })),
  can_undo: Type.Boolean(),
})
export type Bulk = Static<typeof Bulk>

/** What became of one record. */
export const BulkRow = Type.Object({
  position: Type.Integer(),
  record_id: Type.Integer(),
  contact_id: Nullable(Type.Integer()),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  state: oneOf(BULK_ROW_STATES),
  reason: Nullable(Type.String()),
})
export type BulkRow = Static<typeof BulkRow>

export const BulkRowsQuery = Type.Object(
  { ...ListQuery, state: Type.Optional(oneOf(BULK_ROW_STATES)) },
  { additionalProperties: false },
)
export type BulkRowsQuery = Static<typeof BulkRowsQuery>
