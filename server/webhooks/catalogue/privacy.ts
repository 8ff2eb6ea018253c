import { Retention } from '../../../shared/privacy.ts'
import { activity, SARAH } from './entry.ts'

/** What people asked for about what is known of them. */
export const PRIVACY = [
  activity(
    'contact.archived',
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
    'retention.updated',
    { title: 'Retention changed', description: 'How long people who do nothing are kept is something else now.' },
    {
      before: Retention,
      after: Retention,
      example: { contact: null, before: { unengaged_months: null }, after: { unengaged_months: 12 } },
    },
  ),
]
