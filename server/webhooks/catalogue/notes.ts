import Type from 'typebox'
import { Nullable } from '../../../shared/shape.ts'
import { activity } from './entry.ts'

const NOTE = Type.Object({
  note_id: Type.Integer(),
  lead_id: Nullable(Type.Integer()),
  body: Type.String({ description: 'its first 500 characters' }),
  is_pinned: Type.Boolean(),
})
const subject = 'the note'
const subject_id = '21'
const note = { note_id: 21, lead_id: null, body: 'Asked about rye flour.', is_pinned: false }

/** What people write about somebody. */
export const NOTES = [
  activity(
    'note.created',
    { title: 'Note written', description: 'Somebody wrote a note about a contact or a lead.' },
    { subject, after: NOTE, example: { subject_id, after: note } },
  ),
  activity(
    'note.updated',
    { title: 'Note changed', description: 'Somebody rewrote or pinned a note.' },
    { subject, before: NOTE, after: NOTE, example: { subject_id, before: note, after: { ...note, is_pinned: true } } },
  ),
  activity(
    'note.deleted',
    { title: 'Note deleted', description: 'Somebody deleted a note. It can be taken back.' },
    { subject, before: NOTE, example: { subject_id, before: note } },
  ),
  activity(
    'note.restored',
    { title: 'Note taken back', description: 'Somebody took back that a note was deleted.' },
    { subject, after: NOTE, example: { subject_id, after: note } },
  ),
]
