import Type from 'typebox'
import { Nullable } from '../../../shared/shape.ts'
import { activity } from './entry.ts'

const FIELDS = Type.Record(Type.String(), Type.Unknown(), {
  description: 'the fields that changed; one of its type as fields.<key>',
})
const STATUS = Type.Object({ status: Type.String() }, { additionalProperties: true })
const OWNER = Type.Object({ assigned_to: Nullable(Type.Integer({ description: 'a user' })) })
const ANY = Type.Record(Type.String(), Type.Unknown())
const LEAD = { subject: 'the lead' }
const subject_id = '4711000815'

/** What was changed about leads. `contact` is whose lead it is. */
export const LEADS = [
  activity(
    'lead.created',
    { title: 'Lead made', description: 'A lead came in, or somebody made one by hand.' },
    {
      ...LEAD,
      after: Type.Object({ id: Type.Integer(), status: Type.String(), is_test: Type.Boolean() }, { additionalProperties: true }),
      example: {
        actor: { kind: 'system' },
        subject_id,
        after: {
          id: 4_711_000_815,
          lead_type: 'solar',
          source: 'google',
          pipeline_id: 1,
          status: 'new',
          assigned_to: 9,
          is_test: false,
        },
      },
    },
  ),
  activity(
    'lead.updated',
    { title: 'Lead changed', description: 'Fields of a lead got other values.' },
    {
      ...LEAD,
      before: FIELDS,
      after: FIELDS,
      example: { subject_id, before: { priority: 3 }, after: { priority: 1 } },
    },
  ),
  activity(
    'lead.status_changed',
    { title: 'Lead moved', description: 'A lead came into another status, or into another pipeline.' },
    {
      ...LEAD,
      before: STATUS,
      after: STATUS,
      example: { subject_id, before: { status: 'new' }, after: { status: 'contacted' } },
    },
  ),
  activity(
    'lead.assigned',
    { title: 'Lead assigned', description: 'A rule or a person gave a lead to somebody.' },
    {
      ...LEAD,
      before: OWNER,
      after: Type.Object(
        {
          assigned_to: Nullable(Type.Integer({ description: 'a user' })),
          reason: Type.String(),
          rule_id: Nullable(Type.Integer()),
        },
        { additionalProperties: true },
      ),
      example: { subject_id, before: { assigned_to: null }, after: { assigned_to: 9, reason: 'by_hand', rule_id: null } },
    },
  ),
  activity(
    'lead.won',
    { title: 'Lead won', description: 'A lead came into a status that is a success.' },
    {
      ...LEAD,
      before: STATUS,
      after: STATUS,
      example: { subject_id, before: { status: 'contacted' }, after: { status: 'won' } },
    },
  ),
  activity(
    'lead.lost',
    { title: 'Lead lost', description: 'A lead was given up.' },
    {
      ...LEAD,
      before: STATUS,
      after: STATUS,
      example: { subject_id, before: { status: 'contacted' }, after: { status: 'lost', lost_reason: 'too expensive' } },
    },
  ),
  activity(
    'lead.deleted',
    {
      title: 'Lead deleted',
      description: 'An import that made the lead was taken back, and nothing else was known of it.',
    },
    {
      ...LEAD,
      before: ANY,
      example: {
        actor: { kind: 'import', id: 12, name: 'leads.csv' },
        subject_id,
        before: { lead_type: 'solar', source: 'google', pipeline_id: 1, status: 'new', assigned_to: 9 },
      },
    },
  ),
  activity(
    'lead_type.created',
    { title: 'Kind of lead made', description: 'Somebody made a kind of lead with fields of its own.' },
    {
      subject: 'the kind',
      after: ANY,
      example: { contact: null, subject_id: 'roofing', after: { name: 'Roofing', fields: ['area'] } },
    },
  ),
  activity(
    'lead_type.updated',
    { title: 'Kind of lead changed', description: 'Somebody changed the name or the fields of a kind of lead.' },
    {
      subject: 'the kind',
      before: ANY,
      after: ANY,
      example: {
        contact: null,
        subject_id: 'roofing',
        before: { name: 'Roofing', fields: ['area'] },
        after: { name: 'Roofing', fields: ['area', 'slope'] },
      },
    },
  ),
  activity(
    'lead_type.deleted',
    { title: 'Kind of lead deleted', description: 'Somebody deleted a kind of lead. Leads keep what they have.' },
    {
      subject: 'the kind',
      before: ANY,
      example: { contact: null, subject_id: 'roofing', before: { name: 'Roofing', fields: ['area'] } },
    },
  ),
]
