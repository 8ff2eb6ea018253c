import Type, { type Static } from 'typebox'
import { JsonObject, Nullable, oneOf, Time } from './shape.ts'
import { Transfer } from './transfers.ts'

/** Lists that can be had as a file. */
export const EXPORTABLE_LISTS = ['contacts', 'leads', 'appointments', 'conversions', 'visitors', 'events', 'activities'] as const
/** Reports, each as a table. */
export const EXPORTABLE_REPORTS = [
  'overview_report',
  'engagement_report',
  'funnel_report',
  'attribution_report',
  'lead_report',
  'appointment_report',
  'conversion_report',
  'health_report',
  'technical_report',
] as const
export const EXPORTABLE = [...EXPORTABLE_LISTS, ...EXPORTABLE_REPORTS] as const
export type ExportableList = (typeof EXPORTABLE_LISTS)[number]
export type Exportable = (typeof EXPORTABLE)[number]
export const EXPORT_FORMATS = ['csv', 'jsonl'] as const
/** For so many days the file is kept. */
export const EXPORT_DAYS = 7
export const MOST_SELECTED = 10_000

const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
/** Records that somebody chose by hand. */
export const SelectedIds = Type.Array(Id, { minItems: 1, maxItems: MOST_SELECTED, uniqueItems: true })
/** As in the address of a list. What is not known there is refused. */
export const ListQuestion = Type.Unsafe<Record<string, unknown>>({
  ...JsonObject,
  description: 'the same filters as the list or report itself takes; all of it without',
})

const wanted = {
  of: oneOf(EXPORTABLE),
  query: Type.Optional(ListQuestion),
  ids: Type.Optional({ ...SelectedIds, description: 'contacts or leads, instead of `query`' }),
}

export const ExportAsk = Type.Object(wanted, { additionalProperties: false })
export type ExportAsk = Static<typeof ExportAsk>

/** What a file would hold. */
export const ExportPreview = Type.Object({
  count: Nullable(Type.Integer({ description: 'rows; null of a report, and where counting takes too long' })),
  columns: Type.Array(Type.String(), { description: 'those that a CSV can have, in their order' }),
})
export type ExportPreview = Static<typeof ExportPreview>

export const ExportCreate = Type.Object(
  {
    ...wanted,
    format: Type.Optional(oneOf(EXPORT_FORMATS)),
    columns: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), {
        minItems: 1,
        maxItems: 300,
        uniqueItems: true,
        description: 'of a CSV, in this order; all without',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ExportCreate = Static<typeof ExportCreate>

export const ExportFile = Type.Object({
  name: Type.String(),
  bytes: Type.Integer(),
  url: Type.String({ description: 'works without a session until `link_expires_at`, also for a part (Range)' }),
  link_expires_at: Time,
  kept_until: Time,
})
export type ExportFile = Static<typeof ExportFile>

export const Export = Type.Object({
  ...Transfer.properties,
  of: oneOf(EXPORTABLE),
  format: oneOf(EXPORT_FORMATS),
  query: JsonObject,
  file: Type.Unsafe<ExportFile | null>({
    ...Nullable(ExportFile),
    description: 'null until it is done, when its days are over, and for everybody but who asked for it and admins',
  }),
})
export type Export = Static<typeof Export>
