import Type from 'typebox'
import { Nullable } from '../../../shared/shape.ts'
import { funnel } from './entry.ts'

/** What clients usually say; whatever they say besides is passed on as well. */
const GIVEN = Type.Optional(Type.Unknown({ description: 'as the client gave it' }))

const VIDEO = {
  funnel_id: GIVEN,
  video_id: GIVEN,
  video_title: GIVEN,
}
const video = { video_id: 'sourdough', video_title: 'Your first loaf', funnel_id: 'bread-school' }

/** What happens between the first form and the sale. */
export const FUNNEL = [
  funnel(
    'registration',
    { title: 'Registration', description: 'Somebody registered. What they typed into the form is in `data`.' },
    { email: GIVEN, funnel_id: GIVEN },
    { email: 'sarah@example.com', funnel_id: 'bread-school' },
  ),
  funnel('video_started', { title: 'Video started', description: 'Somebody pressed play.' }, VIDEO, video),
  funnel(
    'video_progress',
    { title: 'Video progress', description: 'A quarter of the video was watched: sent at 25, 50, 75 and 100 percent only.' },
    { ...VIDEO, watch_percentage: Type.Integer({ enum: [25, 50, 75, 100] }) },
    { ...video, watch_percentage: 75 },
  ),
  funnel(
    'enrollment_viewed',
    { title: 'Offer viewed', description: 'Somebody looked at the page where one buys or books: they are interested.' },
    { page_id: GIVEN, funnel_id: GIVEN },
    { page_id: 'enrollment', funnel_id: 'bread-school' },
  ),
  funnel(
    'conversion',
    { title: 'Conversion', description: 'Somebody bought (`purchase_completed`) or booked a call (`call_booked`).' },
    {
      type: Type.Unsafe<'purchase' | 'booking'>({ type: 'string', enum: ['purchase', 'booking'] }),
      amount: Nullable(Type.Number({ description: 'in the units of the currency, not in cents' })),
      currency: Nullable(Type.String({ description: 'ISO 4217' })),
      order_id: Nullable(Type.String()),
      booking_id: Nullable(Type.String()),
    },
    { type: 'purchase' as const, amount: 249, currency: 'EUR', order_id: 'RE-100042', booking_id: null },
  ),
]
