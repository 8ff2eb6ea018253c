import Type from 'typebox'
import { activity } from './entry.ts'

const SETTINGS = Type.Record(Type.String(), Type.Unknown(), {
  description: 'noun and key; label, type, options, is_required, position and is_archived',
})
const subject = 'the field'
const ours = { contact: null, subject_id: '7' } as const
const field = {
  noun: 'contact',
  key: 'flour',
  label: 'Flour',
  type: 'select',
  options: [{ key: 'rye', label: 'Rye' }],
  is_required: false,
  position: 1,
  is_archived: false,
}

/** Fields of one's own. */
export const CUSTOM = [
  activity(
    'custom_field.created',
    { title: 'Field made', description: 'Somebody made a field of contacts or leads.' },
    { subject, after: SETTINGS, example: { ...ours, after: field } },
  ),
  activity(
    'custom_field.updated',
    { title: 'Field changed', description: 'Somebody renamed, moved or archived a field, or changed its options.' },
    {
      subject,
      before: SETTINGS,
      after: SETTINGS,
      example: { ...ours, before: { is_archived: false }, after: { is_archived: true } },
    },
  ),
  activity(
    'custom_field.deleted',
    { title: 'Field deleted', description: 'Somebody deleted a field that nobody had a value of.' },
    { subject, before: SETTINGS, example: { ...ours, before: field } },
  ),
]
