import Type from 'typebox'
import { activity } from './entry.ts'

const BY_EVENT = { kind: 'event' }

const SEGMENT = Type.Object({
  segment: Type.String({ description: 'no_show, skimmer, sampler, engaged or hot' }),
})

/** Who is in which segment. */
export const SEGMENTS = [
  activity(
    'segment.entered',
    {
      title: 'Segment entered',
      description:
        'A contact is in a segment now: by how much they watched, or as a no-show, a day after they registered and watched nothing.',
    },
    { after: SEGMENT, example: { actor: BY_EVENT, after: { segment: 'hot' } } },
  ),
  activity(
    'segment.left',
    {
      title: 'Segment left',
      description: 'A contact is not in a segment any more. What they entered instead is told beside it.',
    },
    { before: SEGMENT, example: { actor: BY_EVENT, before: { segment: 'engaged' } } },
  ),
]
