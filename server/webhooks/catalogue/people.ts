import Type from 'typebox'
import { Nullable } from '../../../shared/shape.ts'
import { activity, SARAH } from './entry.ts'

const FIELDS = Type.Record(Type.String(), Type.Unknown(), {
  description: 'the fields that changed; a property as properties.<name>',
})
const STAGE = Type.Object({ stage: Type.String() })
const KEYS = Type.Object({ email: Nullable(Type.String()), phone: Nullable(Type.String()) })
const BY_EVENT = { kind: 'event' }

/** What was changed about people. */
export const PEOPLE = [
  activity(
    'contact.created',
    { title: 'Contact made', description: 'An e-mail or a phone came that nobody had: by an event, the API or a person.' },
    {
      after: Type.Object({ email: Nullable(Type.String()), phone: Nullable(Type.String()) }, { additionalProperties: true }),
      example: { actor: BY_EVENT, visitor_id: 1001, after: { email: SARAH.email, phone: SARAH.phone, reason: 'form' } },
    },
  ),
  activity(
    'contact.updated',
    { title: 'Details changed', description: 'Fields or properties of a contact got other values.' },
    { before: FIELDS, after: FIELDS, example: { before: { last_name: 'Jonson' }, after: { last_name: 'Johnson' } } },
  ),
  activity(
    'contact.deleted',
    {
      title: 'Contact deleted',
      description: 'An import that made the contact was taken back, and nothing else was known of them.',
    },
    {
      before: KEYS,
      example: { actor: { kind: 'import', id: 12, name: 'members.csv' }, before: { email: SARAH.email, phone: SARAH.phone } },
    },
  ),
  activity(
    'contact.archived',
    {
      title: 'Contact archived',
      description: 'Somebody, or a rule, took the contact out of lists, segments and counts. Everything of theirs stays.',
    },
    { example: { actor: { kind: 'system', name: 'retention' } } },
  ),
  activity(
    'contact.restored',
    {
      title: 'Contact restored',
      description: 'A contact who was archived did something, or somebody took them out of the archive.',
    },
    {
      before: Type.Object({ archived_at: Type.String() }),
      example: { actor: BY_EVENT, before: { archived_at: '2026-02-01T04:00:00.000Z' } },
    },
  ),
  activity(
    'contact.stage_changed',
    {
      title: 'Stage changed',
      description:
        'A contact is at another stage: lead, engaged, offer_viewed, converted. Events take them forward; whoever set it by hand is the actor.',
    },
    { before: STAGE, after: STAGE, example: { actor: BY_EVENT, before: { stage: 'lead' }, after: { stage: 'engaged' } } },
  ),
  activity(
    'contact.became_member',
    {
      title: 'Became a member',
      description: "A contact signed up or logged in for the first time: your application's id of them is known.",
    },
    {
      after: Type.Object({ user_id: Type.String() }),
      example: { actor: BY_EVENT, after: { user_id: 'user-42' } },
    },
  ),
  activity(
    'contact.merged',
    { title: 'Merged', description: 'Two contacts became one. `contact` is the one that stays; replace loser_id by winner_id.' },
    {
      subject: 'the merge',
      before: Type.Object({ winner: KEYS, loser: KEYS }),
      after: Type.Object({ winner_id: Type.Integer(), loser_id: Type.Integer() }),
      example: {
        subject_id: '12',
        before: { winner: { email: SARAH.email, phone: null }, loser: { email: null, phone: SARAH.phone } },
        after: { winner_id: SARAH.id, loser_id: 771_204 },
      },
    },
  ),
  activity(
    'contact.unmerged',
    {
      title: 'Merge undone',
      description: 'A merge was taken back. Sent twice, for each of the two contacts that stand by themselves again.',
    },
    {
      subject: 'the merge',
      before: Type.Object({ winner_id: Type.Optional(Type.Integer()), loser_id: Type.Optional(Type.Integer()) }),
      after: Type.Object({ winner_id: Type.Optional(Type.Integer()), loser_id: Type.Optional(Type.Integer()) }),
      example: { subject_id: '12', before: { loser_id: 771_204 }, after: { winner_id: SARAH.id } },
    },
  ),
  activity(
    'contact.link_created',
    { title: 'Link made', description: 'Somebody made a link by which this contact is recognized when they open it.' },
    {
      after: Type.Object({ url: Type.String(), expires_at: Type.String() }),
      example: { after: { url: 'https://bread.example/lesson', expires_at: '2026-03-02T09:30:00.000Z' } },
    },
  ),
  activity(
    'visitor.linked',
    { title: 'Visitor linked', description: 'Somebody said by hand that a visitor is this contact.' },
    {
      after: Type.Object({ distinct_id: Type.String(), forced: Type.Boolean() }),
      example: { visitor_id: 1001, after: { distinct_id: 'a8098c1a-f86e-41da-bd1a-00112444be1e', forced: false } },
    },
  ),
  activity(
    'visitor.updated',
    { title: 'Visitor given', description: 'Somebody became the owner of a visitor, or nobody did.' },
    {
      before: FIELDS,
      after: FIELDS,
      example: { before: { owner_id: null }, after: { owner_id: 9 } },
    },
  ),
  activity(
    'visitor.unlinked',
    { title: 'Visitor left', description: 'A link was undone, and the visitor does not belong to this contact any more.' },
    {
      before: Type.Object({ contact_id: Type.Integer() }),
      after: Type.Object({ contact_id: Nullable(Type.Integer()) }),
      example: { visitor_id: 1001, before: { contact_id: SARAH.id }, after: { contact_id: null } },
    },
  ),
  activity(
    'identity.link_undone',
    { title: 'Link undone', description: 'Somebody said that two visitors are not the same person after all.' },
    { example: { visitor_id: 1001 } },
  ),
  activity(
    'identity.claim_dismissed',
    { title: 'Refused link looked at', description: 'Somebody agreed that a claim of an event was rightly refused.' },
    { subject: 'the link', example: { subject_id: '77', visitor_id: 1001 } },
  ),
  activity(
    'identity.suggestion_dismissed',
    { title: 'Left as two contacts', description: 'Somebody decided that two contacts which look alike are two people.' },
    {
      subject: 'the suggestion',
      after: Type.Object({ contact_id: Type.Integer(), other_contact_id: Type.Integer() }),
      example: { subject_id: '31', after: { contact_id: SARAH.id, other_contact_id: 771_204 } },
    },
  ),
]
