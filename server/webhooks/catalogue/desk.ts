import Type from 'typebox'
import { Nullable } from '../../../shared/shape.ts'
import { activity } from './entry.ts'

const ANY = Type.Record(Type.String(), Type.Unknown())
const TASK = Type.Object(
  {
    task_id: Type.Integer(),
    kind: Type.Optional(Type.String({ description: 'call, email, meeting, note or todo' })),
    title: Type.Optional(Type.String()),
    outcome: Type.Optional(Nullable(Type.String())),
    assigned_to: Type.Optional(Nullable(Type.Integer({ description: 'a user' }))),
  },
  { additionalProperties: true },
)
const LEAD = 'the lead, if it is about one'
const subject_id = '4711000815'
const call = { task_id: 31, kind: 'call', title: 'Ask about the roof', assigned_to: 9 }
const stages = [
  { key: 'new', name: 'New', kind: 'open' },
  { key: 'won', name: 'Won', kind: 'won' },
  { key: 'lost', name: 'Lost', kind: 'lost' },
]
const rule = {
  name: 'California',
  position: 1,
  active: true,
  matches: { states: ['CA'] },
  strategy: 'weighted',
  members: [{ user_id: 9, weight: 1, cap_day: null }],
}

/** What people at a lead desk do, and how it is set up. */
export const DESK = [
  activity(
    'lead.note_added',
    { title: 'Note written', description: 'Somebody wrote a note about a lead.' },
    {
      subject: 'the lead',
      after: TASK,
      example: {
        subject_id,
        after: { task_id: 30, kind: 'note', title: 'Wants to begin in May', body: 'Wants to begin in May' },
      },
    },
  ),
  activity(
    'task.created',
    { title: 'Task made', description: 'Somebody made a task about a lead or a contact, or about neither.' },
    { subject: LEAD, after: TASK, example: { subject_id, after: { ...call, due_at: '2026-02-02T09:00:00.000Z' } } },
  ),
  activity(
    'task.updated',
    { title: 'Task changed', description: 'Somebody changed what is to do, who does it, or until when.' },
    {
      subject: LEAD,
      before: TASK,
      after: TASK,
      example: { subject_id, before: { task_id: 31, assigned_to: 9 }, after: { task_id: 31, assigned_to: 7 } },
    },
  ),
  activity(
    'task.done',
    {
      title: 'Task done',
      description: 'Somebody did what was to do, or wrote down what was done: a call, an e-mail, a meeting.',
    },
    {
      subject: LEAD,
      before: TASK,
      after: TASK,
      example: {
        subject_id,
        before: { task_id: 31, done_at: null },
        after: { ...call, outcome: 'reached', done_at: '2026-01-31T09:30:00.000Z' },
      },
    },
  ),
  activity(
    'task.reopened',
    { title: 'Task opened again', description: 'Somebody said that it is to do again.' },
    {
      subject: LEAD,
      before: TASK,
      after: TASK,
      example: {
        subject_id,
        before: { task_id: 31, done_at: '2026-01-31T09:30:00.000Z' },
        after: { ...call, done_at: null },
      },
    },
  ),
  activity(
    'pipeline.created',
    { title: 'Pipeline made', description: 'Somebody made a pipeline.' },
    {
      subject: 'the pipeline',
      after: ANY,
      example: { contact: null, subject_id: '2', after: { name: 'Roofing', is_default: false, stages } },
    },
  ),
  activity(
    'pipeline.updated',
    { title: 'Pipeline changed', description: 'Somebody changed the name or the stages of a pipeline.' },
    {
      subject: 'the pipeline',
      before: ANY,
      after: ANY,
      example: { contact: null, subject_id: '2', before: { name: 'Roofing' }, after: { name: 'Roofs' } },
    },
  ),
  activity(
    'pipeline.deleted',
    { title: 'Pipeline deleted', description: 'Somebody deleted a pipeline without leads.' },
    {
      subject: 'the pipeline',
      before: ANY,
      example: { contact: null, subject_id: '2', before: { name: 'Roofing', is_default: false, stages } },
    },
  ),
  activity(
    'assignment_rule.created',
    { title: 'Assignment rule made', description: 'Somebody made a rule for who gets which leads.' },
    { subject: 'the rule', after: ANY, example: { contact: null, subject_id: '3', after: rule } },
  ),
  activity(
    'assignment_rule.updated',
    { title: 'Assignment rule changed', description: 'Somebody changed a rule for who gets which leads.' },
    {
      subject: 'the rule',
      before: ANY,
      after: ANY,
      example: { contact: null, subject_id: '3', before: rule, after: { ...rule, active: false } },
    },
  ),
  activity(
    'assignment_rule.deleted',
    { title: 'Assignment rule deleted', description: 'Somebody deleted a rule for who gets which leads.' },
    { subject: 'the rule', before: ANY, example: { contact: null, subject_id: '3', before: rule } },
  ),
]
