import Type from 'typebox'
import { activity } from './entry.ts'

const SETTINGS = Type.Record(Type.String(), Type.Unknown())
const subject = 'the funnel'
const funnel = { funnel_id: 'bread-school', name: 'Bread school', goal: 'purchase', currency: null, confirm_email: false }
const page = { id: 3, kind: 'watch', name: 'Watch', page_id: 'bread-school-watch', url: 'bread.example/watch' }
const video = { id: 5, video_id: 'sourdough', title: 'Your first loaf', duration_seconds: 1800 }
const ours = { contact: null, subject_id: '1' }

/** How funnels are set up. What happens in them are events (funnel.ts). */
export const FUNNELS = [
  activity(
    'funnel_definition.created',
    { title: 'Funnel made', description: 'Somebody made a funnel.' },
    { subject, after: SETTINGS, example: { ...ours, after: funnel } },
  ),
  activity(
    'funnel_definition.updated',
    { title: 'Funnel changed', description: 'Somebody changed the name, the goal or the currency of a funnel.' },
    { subject, before: SETTINGS, after: SETTINGS, example: { ...ours, before: { goal: 'purchase' }, after: { goal: 'call' } } },
  ),
  activity(
    'funnel_definition.deleted',
    { title: 'Funnel deleted', description: 'Somebody deleted a funnel. What happened in it is kept.' },
    { subject, before: SETTINGS, example: { ...ours, before: { funnel_id: 'bread-school', name: 'Bread school' } } },
  ),
  activity(
    'funnel_page.added',
    { title: 'Page added', description: 'A page belongs to a funnel now.' },
    { subject, after: SETTINGS, example: { ...ours, after: page } },
  ),
  activity(
    'funnel_page.changed',
    { title: 'Page changed', description: 'Somebody changed the address or the kind of a page.' },
    {
      subject,
      before: SETTINGS,
      after: SETTINGS,
      example: { ...ours, before: { id: 3, url: 'bread.example/watch' }, after: { url: 'bread.example/lesson' } },
    },
  ),
  activity(
    'funnel_page.removed',
    { title: 'Page removed', description: 'A page does not belong to its funnel any more.' },
    { subject, before: SETTINGS, example: { ...ours, before: page } },
  ),
  activity(
    'funnel_video.added',
    { title: 'Video added', description: 'A video belongs to a funnel now.' },
    { subject, after: SETTINGS, example: { ...ours, after: video } },
  ),
  activity(
    'funnel_video.changed',
    { title: 'Video changed', description: 'Somebody changed the title or the length of a video.' },
    {
      subject,
      before: SETTINGS,
      after: SETTINGS,
      example: { ...ours, before: { id: 5, title: 'Your first loaf' }, after: { title: 'Sourdough' } },
    },
  ),
  activity(
    'funnel_video.removed',
    { title: 'Video removed', description: 'A video does not belong to its funnel any more.' },
    { subject, before: SETTINGS, example: { ...ours, before: video } },
  ),
]
