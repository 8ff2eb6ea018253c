import Type from 'typebox'
import { Nullable } from '../../../shared/shape.ts'
import { activity } from './entry.ts'

const ANY = Type.Record(Type.String(), Type.Unknown())
const TARGET = Type.Object({ kind: Type.String({ description: 'person, workspace or nobody' }) }, { additionalProperties: true })
const DECISION = Type.Object(
  {
    target: TARGET,
    reason: Type.String({
      description: 'owner, weighted, least_recent, least_loaded, person, nobody_can, no_rule, by_hand, ...',
    }),
    decision_id: Type.Optional(Type.Integer({ description: 'see /routing-decisions' })),
    rule_id: Type.Optional(Nullable(Type.Integer())),
    rule_version: Type.Optional(Nullable(Type.Integer())),
    pool_id: Type.Optional(Nullable(Type.Integer())),
    strategy: Type.Optional(Nullable(Type.String())),
    excluded: Type.Optional(Type.Array(ANY, { description: 'who could not, and why' })),
  },
  { additionalProperties: true },
)
const POOL = { subject: 'the pool' }
const RULE = { subject: 'the rule' }
const LIST = { subject: 'the list' }
const nobody = { contact: null }
const pool = {
  name: 'Closers',
  strategy: 'weighted',
  members: [{ user_id: 9, weight: 1, priority: 3, cap_day: 5, cap_week: null, cap_open: null }],
}
const rule = {
  name: 'Solar in California',
  active: true,
  matches: { products: ['solar'], states: ['CA'] },
  target: { kind: 'pool', pool_id: 4 },
  fallback: [{ kind: 'person', user_id: 7 }],
  needs_free: true,
}
const list = { name: 'Bay Area', kind: 'zip', entry_count: 317 }

/** Who gets appointments, and how that is set up. */
export const ROUTING = [
  activity(
    'appointment.routed',
    {
      title: 'Appointment routed',
      description:
        'The routing rules, a pool or a person decided whose an appointment is: a person, another workspace, or nobody.',
    },
    {
      subject: 'the appointment',
      after: DECISION,
      example: {
        actor: { kind: 'system', name: 'routing' },
        subject_id: '1204',
        after: {
          decision_id: 88,
          target: { kind: 'person', user_id: 9 },
          reason: 'weighted',
          rule_id: 3,
          rule_version: 2,
          pool_id: 4,
          strategy: 'weighted',
          excluded: [{ user_id: 7, pool_id: 4, reason: 'cap_day' }],
        },
      },
    },
  ),
  activity(
    'pool.created',
    { title: 'Pool made', description: 'Somebody made a pool of people who share appointments.' },
    { ...POOL, after: ANY, example: { ...nobody, subject_id: '4', after: pool } },
  ),
  activity(
    'pool.updated',
    { title: 'Pool changed', description: 'Somebody changed who is in a pool, or how it chooses.' },
    {
      ...POOL,
      before: ANY,
      after: ANY,
      example: { ...nobody, subject_id: '4', before: pool, after: { ...pool, name: 'Hunters' } },
    },
  ),
  activity(
    'pool.deleted',
    { title: 'Pool deleted', description: 'Somebody deleted a pool.' },
    { ...POOL, before: ANY, example: { ...nobody, subject_id: '4', before: pool } },
  ),
  activity(
    'routing_rule.created',
    { title: 'Routing rule made', description: 'Somebody made a rule for who gets which appointments.' },
    { ...RULE, after: ANY, example: { ...nobody, subject_id: '3', after: rule } },
  ),
  activity(
    'routing_rule.updated',
    { title: 'Routing rule changed', description: 'Somebody published another version of a routing rule.' },
    {
      ...RULE,
      before: ANY,
      after: ANY,
      example: { ...nobody, subject_id: '3', before: rule, after: { ...rule, active: false } },
    },
  ),
  activity(
    'routing_rule.moved',
    { title: 'Routing rule moved', description: 'A routing rule is asked earlier or later than before.' },
    {
      ...RULE,
      before: ANY,
      after: ANY,
      example: { ...nobody, subject_id: '3', before: { position: 7 }, after: { position: 1 } },
    },
  ),
  activity(
    'routing_rule.deleted',
    { title: 'Routing rule deleted', description: 'Somebody deleted a rule for who gets which appointments.' },
    { ...RULE, before: ANY, example: { ...nobody, subject_id: '3', before: rule } },
  ),
  activity(
    'area_list.created',
    { title: 'List of areas made', description: 'Somebody made a list of ZIP codes, states or countries for routing rules.' },
    { ...LIST, after: ANY, example: { ...nobody, subject_id: '2', after: list } },
  ),
  activity(
    'area_list.updated',
    { title: 'List of areas renamed', description: 'Somebody gave a list of areas another name.' },
    {
      ...LIST,
      before: ANY,
      after: ANY,
      example: { ...nobody, subject_id: '2', before: { name: 'Bay Area' }, after: { name: 'San Francisco' } },
    },
  ),
  activity(
    'area_list.uploaded',
    { title: 'List of areas replaced', description: 'Somebody uploaded what is in a list of areas.' },
    {
      ...LIST,
      before: ANY,
      after: ANY,
      example: { ...nobody, subject_id: '2', before: list, after: { ...list, entry_count: 320, added: 3, removed: 0 } },
    },
  ),
  activity(
    'area_list.deleted',
    { title: 'List of areas deleted', description: 'Somebody deleted a list of areas.' },
    { ...LIST, before: ANY, example: { ...nobody, subject_id: '2', before: list } },
  ),
]
