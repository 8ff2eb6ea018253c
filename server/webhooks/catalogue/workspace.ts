import Type from 'typebox'
import { Nullable, Time } from '../../../shared/shape.ts'
import { activity } from './entry.ts'

const SETTINGS = Type.Record(Type.String(), Type.Unknown(), { description: 'the settings that changed' })
const MEMBER = Type.Object({ email: Type.String(), role: Type.String(), role_id: Type.Union([Type.Integer(), Type.Null()]) })
const ROLE = Type.Object({
  name: Type.String(),
  permissions: Type.Record(Type.String(), Type.Unknown()),
  masks: Type.Array(Type.String()),
})
const role = { name: 'Desk', permissions: { contacts: { read: 'team', update: 'own' } }, masks: ['phone'] }
const KEY = { kind: Type.String({ description: 'write or secret' }), name: Type.String(), prefix: Type.String() }
const KEY_LIMITS = Type.Record(Type.String(), Type.Unknown(), { description: 'its name and limits, those that changed' })
const ENDPOINT = Type.Record(Type.String(), Type.Unknown(), { description: 'of its settings, without secrets' })

/** What was changed about the workspace itself. */
export const WORKSPACE = [
  activity(
    'workspace.created',
    { title: 'Workspace made', description: 'The first activity of a workspace.' },
    {
      subject: 'the workspace',
      after: SETTINGS,
      example: {
        contact: null,
        subject_id: '1',
        after: { name: 'Rye & Ember', country: 'DE', time_zone: 'Europe/Berlin', currency: 'EUR' },
      },
    },
  ),
  activity(
    'workspace.updated',
    { title: 'Settings changed', description: 'Somebody changed settings of the workspace.' },
    {
      subject: 'the workspace',
      before: SETTINGS,
      after: SETTINGS,
      example: { contact: null, subject_id: '1', before: { currency: 'USD' }, after: { currency: 'EUR' } },
    },
  ),
  activity(
    'member.added',
    { title: 'User added', description: 'Somebody became a member of the workspace, or got another role.' },
    {
      subject: 'the user',
      after: Type.Object({ email: Type.String(), role: Type.String() }),
      example: { contact: null, subject_id: '9', after: { email: 'otto@bread.example', role: 'agent' } },
    },
  ),
  activity(
    'user.updated',
    { title: 'User renamed', description: 'Somebody who works in the workspace changed their name.' },
    {
      subject: 'the user',
      before: Type.Object({ name: Type.String() }),
      after: Type.Object({ name: Type.String() }),
      example: { contact: null, subject_id: '9', before: { name: 'Otto' }, after: { name: 'Otto Brandt' } },
    },
  ),
  activity(
    'user.password_changed',
    { title: 'New password', description: 'Somebody who works in the workspace has a new password. Their other sessions ended.' },
    { subject: 'the user', example: { contact: null, subject_id: '9' } },
  ),
  activity(
    'user.totp_on',
    { title: 'Second step on', description: 'Somebody who works in the workspace gives a code at the sign-in from now on.' },
    { subject: 'the user', example: { contact: null, subject_id: '9' } },
  ),
  activity(
    'user.totp_off',
    { title: 'Second step off', description: 'Somebody who works in the workspace signs in with the password alone again.' },
    { subject: 'the user', example: { contact: null, subject_id: '9' } },
  ),
  activity(
    'user.sign_in_slowed',
    {
      title: 'Many wrong passwords',
      description: 'So many wrong passwords were tried for a user that the next tries have to wait.',
    },
    {
      subject: 'the user',
      after: Type.Object({ email: Type.String(), ip: Type.String() }),
      example: { contact: null, subject_id: '9', after: { email: 'otto@bread.example', ip: '203.0.113.7' } },
    },
  ),
  activity(
    'member.updated',
    { title: 'Role changed', description: 'Somebody got another role.' },
    {
      subject: 'the user',
      before: MEMBER,
      after: MEMBER,
      example: {
        contact: null,
        subject_id: '9',
        before: { email: 'otto@bread.example', role: 'agent', role_id: null },
        after: { email: 'otto@bread.example', role: 'manager', role_id: null },
      },
    },
  ),
  activity(
    'member.removed',
    { title: 'User removed', description: 'Somebody is no member any more: removed, or left by themselves.' },
    {
      subject: 'the user',
      before: MEMBER,
      example: { contact: null, subject_id: '9', before: { email: 'otto@bread.example', role: 'agent', role_id: null } },
    },
  ),
  activity(
    'invitation.created',
    { title: 'Invitation sent', description: 'Somebody was invited to the workspace. The link itself is not told.' },
    {
      subject: 'the invitation',
      after: MEMBER,
      example: { contact: null, subject_id: '5', after: { email: 'otto@bread.example', role: 'agent', role_id: null } },
    },
  ),
  activity(
    'invitation.sent_again',
    { title: 'Invitation sent again', description: 'With a new link; the one before leads nowhere any more.' },
    {
      subject: 'the invitation',
      after: Type.Object({ email: Type.String() }),
      example: { contact: null, subject_id: '5', after: { email: 'otto@bread.example' } },
    },
  ),
  activity(
    'invitation.withdrawn',
    { title: 'Invitation withdrawn', description: 'Its link leads nowhere any more.' },
    {
      subject: 'the invitation',
      before: MEMBER,
      example: { contact: null, subject_id: '5', before: { email: 'otto@bread.example', role: 'agent', role_id: null } },
    },
  ),
  activity(
    'invitation.accepted',
    { title: 'Invitation accepted', description: 'Somebody followed the link and works here now.' },
    {
      subject: 'the invitation',
      after: MEMBER,
      example: { contact: null, subject_id: '5', after: { email: 'otto@bread.example', role: 'agent', role_id: null } },
    },
  ),
  activity(
    'activity.redacted',
    {
      title: 'History redacted',
      description:
        'What activities said of somebody who was erased was taken out of them. That something was changed, and when, stays.',
    },
    {
      subject: 'the contact',
      after: Type.Object({ activities: Type.Integer({ description: 'how many said something' }) }),
      example: { contact: null, subject_id: '482913', after: { activities: 12 } },
    },
  ),
  activity(
    'member.handed_over',
    {
      title: 'Records handed over',
      description: 'What was somebody’s became somebody else’s, or nobody’s. Each record tells it, too.',
    },
    {
      subject: 'the user whose they were',
      after: Type.Record(Type.String(), Type.Unknown(), { description: '`to`, and how many of each' }),
      example: {
        contact: null,
        subject_id: '9',
        after: { to: 4, contacts: 120, visitors: 0, leads: 14, tasks: 3, appointments: 2 },
      },
    },
  ),
  activity(
    'role.created',
    { title: 'Role made', description: 'Somebody made a role.' },
    { subject: 'the role', after: ROLE, example: { contact: null, subject_id: '2', after: role } },
  ),
  activity(
    'role.updated',
    { title: 'Role changed', description: 'Somebody changed what a role lets do.' },
    {
      subject: 'the role',
      before: ROLE,
      after: ROLE,
      example: { contact: null, subject_id: '2', before: role, after: { ...role, masks: [] } },
    },
  ),
  activity(
    'role.deleted',
    { title: 'Role deleted', description: 'Somebody deleted a role that nobody had.' },
    { subject: 'the role', before: ROLE, example: { contact: null, subject_id: '2', before: role } },
  ),
  activity(
    'team.created',
    { title: 'Team made', description: 'Somebody made a team.' },
    {
      subject: 'the team',
      after: SETTINGS,
      example: { contact: null, subject_id: '1', after: { name: 'North', user_ids: [4, 9] } },
    },
  ),
  activity(
    'team.updated',
    { title: 'Team changed', description: 'A team got another name, or other people.' },
    {
      subject: 'the team',
      before: SETTINGS,
      after: SETTINGS,
      example: { contact: null, subject_id: '1', before: { user_ids: [4, 9] }, after: { user_ids: [4] } },
    },
  ),
  activity(
    'team.deleted',
    { title: 'Team deleted', description: 'Somebody deleted a team.' },
    {
      subject: 'the team',
      before: SETTINGS,
      example: { contact: null, subject_id: '1', before: { name: 'North', user_ids: [4] } },
    },
  ),
  activity(
    'key.created',
    { title: 'Key made', description: 'Somebody made a key. The key itself is not told.' },
    {
      subject: 'the key',
      after: Type.Object({ ...KEY, scopes: Type.Array(Type.String()) }),
      example: {
        contact: null,
        subject_id: '3',
        after: { kind: 'secret', name: 'CRM', prefix: 'sk_4f1d2c9', scopes: ['read', 'update'] },
      },
    },
  ),
  activity(
    'key.updated',
    {
      title: 'Key changed',
      description: 'Somebody renamed a key, or changed when it ends, where from it is taken or how much it may do.',
    },
    {
      subject: 'the key',
      before: KEY_LIMITS,
      after: KEY_LIMITS,
      example: { contact: null, subject_id: '3', before: { rate_limit: null }, after: { rate_limit: 600 } },
    },
  ),
  activity(
    'key.rotated',
    { title: 'Key replaced', description: 'Somebody made a key in place of another one, which holds until `expires_at`.' },
    {
      subject: 'the old key',
      before: Type.Object({ expires_at: Nullable(Time) }),
      after: Type.Object({ expires_at: Time, replaced_by: Type.Integer() }),
      example: {
        contact: null,
        subject_id: '3',
        before: { expires_at: null },
        after: { expires_at: '2026-02-01T09:30:00.000Z', replaced_by: 12 },
      },
    },
  ),
  activity(
    'key.revoked',
    { title: 'Key revoked', description: 'Somebody ended a key for good.' },
    {
      subject: 'the key',
      before: Type.Object(KEY),
      example: { contact: null, subject_id: '3', before: { kind: 'secret', name: 'CRM', prefix: 'sk_4f1d2c9' } },
    },
  ),
]

const endpoint = { name: 'CRM', url: 'https://crm.example/hooks/throughline' }

/** About webhooks themselves. Not part of `*`: what becomes of an endpoint must not make more work for it. */
export const WEBHOOKS = [
  activity(
    'endpoint.created',
    { title: 'Endpoint added', description: 'Somebody added an endpoint.' },
    { subject: 'the endpoint', after: ENDPOINT, example: { contact: null, subject_id: '4', after: endpoint } },
  ),
  activity(
    'endpoint.updated',
    { title: 'Endpoint changed', description: 'Somebody changed the settings of an endpoint.' },
    {
      subject: 'the endpoint',
      before: ENDPOINT,
      after: ENDPOINT,
      example: { contact: null, subject_id: '4', before: { rate_limit: null }, after: { rate_limit: 600 } },
    },
  ),
  activity(
    'endpoint.deleted',
    { title: 'Endpoint deleted', description: 'Somebody deleted an endpoint; what waited for it was cancelled.' },
    { subject: 'the endpoint', before: ENDPOINT, example: { contact: null, subject_id: '4', before: endpoint } },
  ),
  activity(
    'endpoint.paused',
    {
      title: 'Endpoint paused',
      description: 'By a person, because it answered 410, or because it failed for three days. Deliveries wait.',
    },
    {
      subject: 'the endpoint',
      before: ENDPOINT,
      after: ENDPOINT,
      example: {
        contact: null,
        actor: { kind: 'system' },
        subject_id: '4',
        before: { state: 'active' },
        after: { state: 'paused', name: 'CRM', paused_by: 'gone', reason: 'It answered 410 Gone.' },
      },
    },
  ),
  activity(
    'endpoint.activated',
    {
      title: 'Endpoint active again',
      description:
        'Somebody activated a paused endpoint; what waited is sent or was cancelled. `replayed`, where it was asked for: what was given up and is sent again.',
    },
    {
      subject: 'the endpoint',
      before: ENDPOINT,
      after: ENDPOINT,
      example: {
        contact: null,
        subject_id: '4',
        before: { state: 'paused', paused_by: 'person', paused_reason: null },
        after: { state: 'active', held: 'send', deliveries: 12, replayed: 3 },
      },
    },
  ),
  activity(
    'endpoint.secret_rotated',
    { title: 'Secret changed', description: 'An endpoint got a new secret. The secret itself is not told.' },
    {
      subject: 'the endpoint',
      before: ENDPOINT,
      after: ENDPOINT,
      example: { contact: null, subject_id: '4', after: { secret_id: 8, overlap_hours: 24 } },
    },
  ),
  activity(
    'delivery.replayed',
    { title: 'Deliveries sent again', description: 'Somebody had deliveries sent once more.' },
    {
      subject: 'the endpoint',
      before: ENDPOINT,
      after: ENDPOINT,
      example: { contact: null, subject_id: '4', after: { endpoint_id: 4, deliveries: 12 } },
    },
  ),
]
