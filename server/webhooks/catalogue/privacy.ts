import Type from 'typebox'
import { CONSENT_SOURCES } from '../../../shared/consents.ts'
import { Retention } from '../../../shared/privacy.ts'
import { Nullable } from '../../../shared/shape.ts'
import { activity, SARAH } from './entry.ts'

const PURPOSE = Type.Record(Type.String(), Type.Unknown(), { description: 'name, label, text_version and text' })
const ours = { contact: null, subject_id: '4' } as const

const SAID = Type.Object({
  purpose: Type.String(),
  granted: Type.Boolean(),
  source: Type.String({ description: CONSENT_SOURCES.join(', ') }),
  text_version: Nullable(Type.String()),
})

/** What people asked for about what is known of them. */
export const PRIVACY = [
  activity(
    'contact.read_out',
    {
      title: 'Data read out',
      description: 'Everything that is known of a contact was written to an archive, as people may ask for.',
    },
    { example: {} },
  ),
  activity(
    'contact.erasure_requested',
    {
      title: 'Erasure asked for',
      description: 'A contact is to be erased. Erase them where you are, too: `contact` is known only now.',
    },
    { subject: 'the erasure', example: { subject_id: '5' } },
  ),
  activity(
    'contact.erased',
    { title: 'Erased', description: 'A contact was erased. Nothing is told of it but its number.' },
    { subject: 'the contact', example: { contact: null, subject_id: String(SARAH.id) } },
  ),
  activity(
    'consent.changed',
    {
      title: 'Consent changed',
      description: 'Somebody allowed or denied something: a contact, or a visitor whom nobody knows yet.',
    },
    {
      before: Type.Object({ granted: Nullable(Type.Boolean({ description: 'null: never asked' })) }),
      after: SAID,
      example: {
        before: { granted: null },
        after: { purpose: 'marketing', granted: true, source: 'tracker', text_version: '2026-01' },
      },
    },
  ),
  activity(
    'consent.noted',
    {
      title: 'Consent noted',
      description: 'Something that somebody allowed or denied earlier was heard of late. What they said since holds as before.',
    },
    {
      after: SAID,
      example: { after: { purpose: 'marketing', granted: true, source: 'form', text_version: null } },
    },
  ),
  activity(
    'consent_purpose.created',
    { title: 'Purpose added', description: 'Somebody added something that people are asked to allow.' },
    { subject: 'the purpose', after: PURPOSE, example: { ...ours, after: { name: 'partners', label: 'Partners' } } },
  ),
  activity(
    'consent_purpose.updated',
    { title: 'Purpose changed', description: 'A purpose has another label, or a new version of its text.' },
    {
      subject: 'the purpose',
      before: PURPOSE,
      after: PURPOSE,
      example: { ...ours, before: {}, after: { text_version: '2026-01', text: 'May we write to you about bread?' } },
    },
  ),
  activity(
    'retention.updated',
    { title: 'Retention changed', description: 'How long people who do nothing are kept is something else now.' },
    {
      before: Retention,
      after: Retention,
      example: {
        contact: null,
        before: { archive_months: null, unengaged_months: null, event_months: null, events_before: null },
        after: { archive_months: 12, unengaged_months: null, event_months: null, events_before: null },
      },
    },
  ),
]
