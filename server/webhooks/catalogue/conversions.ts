import Type from 'typebox'
import { activity } from './entry.ts'

const FIELDS = Type.Record(Type.String(), Type.Unknown(), { description: 'the fields that changed' })
const STATUS = Type.Object({ status: Type.String() })
const CONVERSION = { subject: 'the conversion' }
const subject_id = '803'

/**
 * What was earned, and what was changed about it. That it was earned is told as `conversion` to those that want everything;
 * `conversion.created` says the same with who did it, to those that ask for the group or for it.
 */
export const CONVERSIONS = [
  activity(
    'conversion.created',
    { title: 'Conversion booked', description: 'A sale, an appointment or another success was counted, wherever it came from.' },
    {
      ...CONVERSION,
      after: Type.Object({ type: Type.String(), value: Type.Number(), currency: Type.String() }, { additionalProperties: true }),
      example: {
        actor: { kind: 'event' },
        subject_id,
        after: {
          type: 'sale',
          value: 249,
          currency: 'EUR',
          order_id: 'RE-100042',
          booking_id: null,
          lead_id: null,
          source: 'event',
          is_test: false,
          converted_at: '2026-01-31T09:30:00.000Z',
        },
      },
    },
  ),
  activity(
    'conversion.corrected',
    { title: 'Conversion corrected', description: 'Somebody changed the value or the details of a conversion.' },
    { ...CONVERSION, before: FIELDS, after: FIELDS, example: { subject_id, before: { value: 249 }, after: { value: 199 } } },
  ),
  activity(
    'conversion.refunded',
    { title: 'Conversion refunded', description: 'All or a part of the money went back.' },
    {
      ...CONVERSION,
      before: Type.Object({ refunded: Type.Number(), status: Type.String() }),
      after: Type.Object(
        {
          refunded: Type.Number({ description: 'all together' }),
          status: Type.String(),
          amount: Type.Number(),
          currency: Type.String(),
        },
        { additionalProperties: true },
      ),
      example: {
        subject_id,
        before: { refunded: 0, status: 'active' },
        after: { refunded: 249, status: 'refunded', amount: 249, currency: 'EUR', reason: 'the oven was broken' },
      },
    },
  ),
  activity(
    'conversion.voided',
    { title: 'Conversion made void', description: 'It was none after all, and counts nowhere.' },
    {
      ...CONVERSION,
      before: STATUS,
      after: STATUS,
      example: { subject_id, before: { status: 'active' }, after: { status: 'void' } },
    },
  ),
  activity(
    'conversion.restored',
    { title: 'Conversion restored', description: 'A conversion that was made void counts again.' },
    {
      ...CONVERSION,
      before: STATUS,
      after: STATUS,
      example: { subject_id, before: { status: 'void' }, after: { status: 'active' } },
    },
  ),
]
