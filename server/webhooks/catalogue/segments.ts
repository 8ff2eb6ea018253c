import Type from 'typebox'
import { activity } from './entry.ts'

const BY_EVENT = { kind: 'event' }

const SEGMENT = Type.Object({
  segment: Type.Optional(Type.String({ description: 'a built-in one: no_show, skimmer, sampler, engaged or hot' })),
  segment_id: Type.Optional(Type.Integer({ description: 'of a segment of your own' })),
  name: Type.Optional(Type.String({ description: 'of a segment of your own' })),
})
const SETTINGS = Type.Record(Type.String(), Type.Unknown(), { description: 'name, description and rule' })
const ours = { contact: null, subject_id: '4' }
const rule = {
  all: [
    { kind: 'segment', segment: 'hot' },
    { kind: 'conversion', has: false },
  ],
}
const subject = 'the segment, when it is one of your own'

/** Who is in which segment. */
export const SEGMENTS = [
  activity(
    'segment.entered',
    {
      title: 'Segment entered',
      description:
        'A contact is in a segment now: a built-in one by how much they watched, or as a no-show, a day after they registered and ' +
        'watched nothing; or one of your own, because of what they did or what time made of it.',
    },
    { subject, after: SEGMENT, example: { actor: BY_EVENT, after: { segment: 'hot' } } },
  ),
  activity(
    'segment.left',
    {
      title: 'Segment left',
      description: 'A contact is not in a segment any more. What they entered instead is told beside it.',
    },
    { subject, before: SEGMENT, example: { actor: BY_EVENT, before: { segment: 'engaged' } } },
  ),
  activity(
    'segment.created',
    {
      title: 'Segment made',
      description: 'Somebody made a segment. Nobody is told of those who are found when it is counted first.',
    },
    {
      subject: 'the segment',
      after: SETTINGS,
      example: { ...ours, after: { name: 'Hot and not sold', description: null, rule } },
    },
  ),
  activity(
    'segment.updated',
    {
      title: 'Segment changed',
      description: 'Somebody changed a segment. Nobody is told of those whom another rule finds or leaves out.',
    },
    {
      subject: 'the segment',
      before: SETTINGS,
      after: SETTINGS,
      example: { ...ours, before: { name: 'Hot' }, after: { name: 'Hot and not sold' } },
    },
  ),
  activity(
    'segment.deleted',
    { title: 'Segment deleted', description: 'Somebody deleted a segment.' },
    {
      subject: 'the segment',
      before: SETTINGS,
      example: { ...ours, before: { name: 'Hot and not sold', description: null, rule } },
    },
  ),
]
