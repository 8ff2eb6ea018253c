import Type from 'typebox'
import { activity } from './entry.ts'

const TAG = Type.Object({ tag_id: Type.Integer(), name: Type.String() })
const SETTINGS = Type.Record(Type.String(), Type.Unknown(), { description: 'name and color' })
const of_contact = { subject: 'the tag' }
const subject_id = '12'
const tagged = { tag_id: 12, name: 'Member 2026' }
const ours = { contact: null, subject_id } as const

/** Words that people put on contacts. */
export const TAGS = [
  activity(
    'contact.tagged',
    { title: 'Tag put on a contact', description: 'Somebody put a tag on a contact who did not have it.' },
    { ...of_contact, after: TAG, example: { subject_id, after: tagged } },
  ),
  activity(
    'contact.untagged',
    {
      title: 'Tag taken off a contact',
      description: 'Somebody took a tag off a contact, or deleted the tag: then everybody who had it is told of.',
    },
    { ...of_contact, before: TAG, example: { subject_id, before: tagged } },
  ),
  activity(
    'tag.created',
    { title: 'Tag made', description: 'Somebody made a tag, or used one for the first time.' },
    { ...of_contact, after: SETTINGS, example: { ...ours, after: { name: 'Member 2026', color: null } } },
  ),
  activity(
    'tag.updated',
    { title: 'Tag changed', description: 'Somebody renamed a tag or gave it another color.' },
    { ...of_contact, before: SETTINGS, after: SETTINGS, example: { ...ours, before: { color: null }, after: { color: 'teal' } } },
  ),
  activity(
    'tag.deleted',
    { title: 'Tag deleted', description: 'Somebody deleted a tag.' },
    { ...of_contact, before: SETTINGS, example: { ...ours, before: { name: 'Member 2026', color: 'teal' } } },
  ),
]
