import Type from 'typebox'
import { activity } from './entry.ts'

const OF = {
  kind: Type.String({ description: 'import, export, bulk or hand_over' }),
  name: Type.String({ description: 'the file, or what is done' }),
  step: Type.String({ description: 'what begins: of an import check, write or revert' }),
}

/** Long work on many records. */
export const TRANSFERS = [
  activity(
    'transfer.started',
    {
      title: 'Import, export or bulk action begun',
      description:
        'Somebody imported, exported, handed over or changed many records at once, tried it, took it back, or let it go on.',
    },
    {
      subject: 'the transfer',
      after: Type.Object(
        { ...OF, of: Type.Optional(Type.String()), format: Type.Optional(Type.String()) },
        {
          description:
            'of exports also of what, and the names of the filters or how many were selected; of hand-overs `from` and `to`',
        },
      ),
      example: {
        contact: null,
        subject_id: '31',
        after: {
          kind: 'export',
          name: 'contacts 2026-07-01.csv',
          step: 'write',
          of: 'contacts',
          format: 'csv',
          filters: ['stage'],
        },
      },
    },
  ),
  activity(
    'transfer.stopped',
    { title: 'Import, export or bulk action stopped', description: 'Somebody stopped it; what it did until then stays.' },
    {
      subject: 'the transfer',
      after: Type.Object(OF),
      example: { contact: null, subject_id: '31', after: { kind: 'import', name: 'people.csv', step: 'write' } },
    },
  ),
]
