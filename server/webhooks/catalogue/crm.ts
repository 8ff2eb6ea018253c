import Type from 'typebox'
import { activity } from './entry.ts'

const SYSTEM = { kind: 'system' }
const BY_SYNC = { kind: 'system', name: 'sync of sustainers' }
const CONNECTION = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'provider, name, active, adds, spam_policy, syncs_sustainers, settings; of secrets the names of those that were set',
})
const MARK = Type.Object({ mark: Type.String({ description: 'spam or review' }), note: Type.Union([Type.String(), Type.Null()]) })
const LIST = Type.Record(Type.String(), Type.Unknown(), { description: 'name, on_sign_up, languages, property, value' })
const SUSTAINS = Type.Object({ connection_id: Type.Integer(), provider: Type.String() })
const subject = 'the connection'
const of_connection = { contact: null, subject_id: '3' } as const
const of_list = { contact: null, subject_id: '2' } as const
const salesforce = { provider: 'salesforce', name: 'Salesforce', active: true, adds: 'signed_up', spam_policy: 'review' }
const sustains = { connection_id: 3, provider: 'salesforce' }
const list = { name: 'Announcements_General', on_sign_up: true, languages: ['en'], property: null, value: null }

/** CRMs that a workspace writes to, and mailing lists. */
export const CRM = [
  activity(
    'contact.crm_linked',
    { title: 'Known in a CRM', description: 'A CRM took somebody who signed up, and told the id of its app user.' },
    {
      subject,
      after: Type.Object({ connection_id: Type.Integer(), provider: Type.String(), external_id: Type.String() }),
      example: {
        actor: SYSTEM,
        subject_id: '3',
        after: { connection_id: 3, provider: 'salesforce', external_id: 'a0B5g00000Wx1YzEAJ' },
      },
    },
  ),
  activity(
    'contact.crm_unlinked',
    {
      title: 'Id in a CRM let go',
      description: 'Somebody let go of the id that a contact has in a CRM. The CRM was told nothing.',
    },
    {
      subject,
      before: Type.Object({ connection_id: Type.Integer(), external_id: Type.Union([Type.String(), Type.Null()]) }),
      example: { subject_id: '3', before: { connection_id: 3, external_id: 'a0B5g00000Wx1YzEAJ' } },
    },
  ),
  activity(
    'contact.crm_marked',
    {
      title: 'Marked for CRMs',
      description: 'Somebody marked a contact as spam or for review. Every CRM that knows them is told.',
    },
    { after: MARK, example: { after: { mark: 'spam', note: null } } },
  ),
  activity(
    'contact.crm_unmarked',
    { title: 'Mark taken back', description: 'Somebody took the mark of a contact back. What CRMs were told stays there.' },
    { before: MARK, example: { before: { mark: 'spam', note: null } } },
  ),
  activity(
    'contact.sustainer_started',
    {
      title: 'Sustains',
      description: 'The CRM says that a contact sustains who did not when it was read before: a week ago, most times.',
    },
    { subject, after: SUSTAINS, example: { actor: BY_SYNC, subject_id: '3', after: sustains } },
  ),
  activity(
    'contact.sustainer_ended',
    {
      title: 'Sustains no more',
      description:
        'The CRM was read to its end and does not name a contact any more who sustained. Nobody is told of a read that looks wrong.',
    },
    { subject, before: SUSTAINS, example: { actor: BY_SYNC, subject_id: '3', before: sustains } },
  ),
  activity(
    'crm_connection.created',
    { title: 'CRM connected', description: 'Somebody connected a CRM.' },
    { subject, after: CONNECTION, example: { ...of_connection, after: salesforce } },
  ),
  activity(
    'crm_connection.updated',
    { title: 'CRM connection changed', description: 'Somebody changed a connection, or switched it on or off.' },
    {
      subject,
      before: CONNECTION,
      after: CONNECTION,
      example: { ...of_connection, before: { active: true }, after: { active: false } },
    },
  ),
  activity(
    'crm_connection.deleted',
    { title: 'CRM connection deleted', description: 'Somebody deleted a connection, with the ids that contacts had there.' },
    {
      subject,
      before: Type.Object({ provider: Type.String(), name: Type.String(), links: Type.Integer() }),
      example: { ...of_connection, before: { provider: 'salesforce', name: 'Salesforce', links: 0 } },
    },
  ),
  activity(
    'crm_connection.links_imported',
    { title: 'CRM ids imported', description: 'Somebody stored ids that contacts have in a CRM.' },
    { subject, after: Type.Object({ links: Type.Integer() }), example: { ...of_connection, after: { links: 950 } } },
  ),
  activity(
    'crm_connection.finalized',
    {
      title: 'Migration finished',
      description:
        'Every member of a CRM was found in another one: the old ids are gone, and the connection that they were of is switched off.',
    },
    {
      subject: 'the old connection',
      after: Type.Object({ run_id: Type.Integer(), connection_id: Type.Integer(), dropped: Type.Integer() }),
      example: { ...of_connection, after: { run_id: 7, connection_id: 4, dropped: 950 } },
    },
  ),
  activity(
    'mailing_list.created',
    { title: 'Mailing list made', description: 'Somebody made a mailing list.' },
    { subject: 'the list', after: LIST, example: { ...of_list, after: list } },
  ),
  activity(
    'mailing_list.updated',
    { title: 'Mailing list changed', description: 'Somebody changed a mailing list.' },
    {
      subject: 'the list',
      before: LIST,
      after: LIST,
      example: { ...of_list, before: { languages: null }, after: { languages: ['en'] } },
    },
  ),
  activity(
    'mailing_list.deleted',
    { title: 'Mailing list deleted', description: 'Somebody deleted a mailing list.' },
    {
      subject: 'the list',
      before: Type.Object({ name: Type.String(), members: Type.Integer() }),
      example: { ...of_list, before: { name: 'Announcements_General', members: 120 } },
    },
  ),
]
