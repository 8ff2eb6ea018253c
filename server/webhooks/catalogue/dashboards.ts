import Type from 'typebox'
import { activity } from './entry.ts'

const subject = 'the dashboard'
const SAVED = Type.Object({
  name: Type.Optional(Type.String({ description: 'of one that is shared' })),
  is_shared: Type.Boolean(),
})
const example = { contact: null, subject_id: '6' }
const saved = { name: 'Spring campaign', is_shared: true }

/** What people save of the reports. */
export const DASHBOARDS = [
  activity(
    'dashboard.created',
    { title: 'Dashboard saved', description: 'Somebody saved a dashboard.' },
    { subject, after: SAVED, example: { ...example, after: saved } },
  ),
  activity(
    'dashboard.updated',
    { title: 'Dashboard changed', description: 'Somebody changed the name of a dashboard, what it shows or who sees it.' },
    { subject, before: SAVED, after: SAVED, example: { ...example, before: saved, after: { ...saved, name: 'Summer' } } },
  ),
  activity(
    'dashboard.deleted',
    { title: 'Dashboard deleted', description: 'Somebody deleted a dashboard.' },
    { subject, before: SAVED, example: { ...example, before: saved } },
  ),
]
