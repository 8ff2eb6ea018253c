import Type from 'typebox'
import { activity } from './entry.ts'

/** Long work on many records. */
export const TRANSFERS = [
  activity(
    'export.created',
    { title: 'List exported', description: 'Somebody asked for a list as a file: which one, by which filters.' },
    {
      subject: 'the export',
      after: Type.Record(Type.String(), Type.Unknown(), {
        description: 'of what, its format, and the names of its filters or how many were selected',
      }),
      example: { contact: null, subject_id: '31', after: { of: 'contacts', format: 'csv', filters: ['stage'] } },
    },
  ),
]
