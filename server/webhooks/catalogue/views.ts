import Type from 'typebox'
import { activity } from './entry.ts'

const VIEW = Type.Object({
  screen: Type.String(),
  name: Type.Optional(Type.String({ description: 'of one that is shared' })),
  is_shared: Type.Boolean(),
})
const subject = 'the view'
const ours = { contact: null, subject_id: '5' } as const
const view = { screen: 'contacts', name: 'Members in Riga', is_shared: true }

/** Lists under a name. */
export const VIEWS = [
  activity(
    'view.created',
    { title: 'View saved', description: 'Somebody saved a view of a list.' },
    { subject, after: VIEW, example: { ...ours, after: view } },
  ),
  activity(
    'view.updated',
    { title: 'View changed', description: 'Somebody renamed or shared a view, or saved another list in it.' },
    { subject, before: VIEW, after: VIEW, example: { ...ours, before: view, after: { ...view, name: 'Riga' } } },
  ),
  activity(
    'view.deleted',
    { title: 'View deleted', description: 'Somebody deleted a view of a list.' },
    { subject, before: VIEW, example: { ...ours, before: view } },
  ),
]
