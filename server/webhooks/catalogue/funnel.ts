import Type, { type Static } from 'typebox'
import { Nullable } from '../../../shared/shape.ts'
import type { WebhookEvent } from '../../../shared/webhooks.ts'
import { funnel, SARAH, TRUNCATED } from './entry.ts'

/** What clients usually say; whatever they say besides is passed on as well. */
const GIVEN = Type.Optional(Type.Unknown({ description: 'as the client gave it' }))

const VIDEO = {
  funnel_id: GIVEN,
  video_id: GIVEN,
  video_title: GIVEN,
}
const video = { video_id: 'sourdough', video_title: 'Your first loaf', funnel_id: 'bread-school' }

const CONVERSION = Type.Object({
  type: Type.String({ description: 'sale, appointment, qualified, proposal, contract, or one of your own' }),
  value: Type.Number({ description: 'in units of the currency, not in cents; 0 when nobody said what it is worth' }),
  amount: Type.Number({ description: 'the same as value' }),
  currency: Type.String({ description: 'ISO 4217; XXX when the client sent one that there is not' }),
  order_id: Nullable(Type.String()),
  booking_id: Nullable(Type.String()),
  lead_id: Nullable(Type.Integer()),
  source: Type.String({ description: 'event, api, lead, appointment or import' }),
  is_test: Type.Boolean({ description: 'true: it counts nowhere' }),
  funnel_id: Type.Optional(Type.String({ description: 'as the client gave it' })),
  conversion_id: Type.Integer(),
  activity_id: Type.Integer(),
  visitor_id: Nullable(Type.Integer({ description: 'when it is what an event says' })),
  stage: Nullable(Type.String({ description: 'of the contact, now' })),
  segment: Nullable(Type.String({ description: 'of the contact, now' })),
  ...TRUNCATED,
})

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
  {
    type: 'conversion',
    group: 'funnel',
    title: 'Conversion',
    description:
      'Somebody bought or booked: by an event (`purchase_completed`, `call_booked`), by the API, or with a lead that was won. Sent once ' +
      'for each order. Refunds and corrections are `conversion.refunded`, `conversion.corrected` and so on.',
    schema: JSON.parse(JSON.stringify(CONVERSION)),
    example: {
      event: 'conversion',
      contact: SARAH,
      data: {
        type: 'sale',
        value: 249,
        amount: 249,
        currency: 'EUR',
        order_id: 'RE-100042',
        booking_id: null,
        lead_id: null,
        source: 'event',
        is_test: false,
        funnel_id: 'bread-school',
        conversion_id: 803,
        activity_id: 5121,
        visitor_id: 1001,
        stage: 'converted',
        segment: 'hot',
      } satisfies Static<typeof CONVERSION>,
      timestamp: '2026-01-31T09:30:00.000Z',
    },
  },
] satisfies WebhookEvent[]
