import Type from 'typebox'
import { activity } from './entry.ts'

const ANY = Type.Record(Type.String(), Type.Unknown(), { description: 'of its settings, without keys and secrets' })
const WEBHOOK = { subject: 'the intake webhook' }
const PROVIDER = { subject: 'the provider' }
const webhook = { contact: null, subject_id: '2' } as const
const provider = { contact: null, subject_id: 'sun-leads' } as const

/** What was changed about where leads come in. */
export const INTAKE = [
  activity(
    'intake_webhook.created',
    { title: 'Intake webhook made', description: 'Somebody made an address where leads come in.' },
    { ...WEBHOOK, after: ANY, example: { ...webhook, after: { name: 'Solar, search ads', lead_type: 'solar' } } },
  ),
  activity(
    'intake_webhook.updated',
    { title: 'Intake webhook changed', description: 'Somebody changed the settings of an address where leads come in.' },
    { ...WEBHOOK, before: ANY, after: ANY, example: { ...webhook, before: { active: true }, after: { active: false } } },
  ),
  activity(
    'intake_webhook.deleted',
    { title: 'Intake webhook deleted', description: 'Somebody deleted an address where leads came in.' },
    { ...WEBHOOK, before: ANY, example: { ...webhook, before: { name: 'Solar, search ads', lead_type: 'solar' } } },
  ),
  activity(
    'provider.created',
    { title: 'Provider added', description: 'Somebody added a provider of leads.' },
    {
      ...PROVIDER,
      after: ANY,
      example: { ...provider, after: { provider_id: 'sun-leads', provider_name: 'Sun Leads', active: true } },
    },
  ),
  activity(
    'provider.updated',
    { title: 'Provider changed', description: 'Somebody changed a provider of leads.' },
    { ...PROVIDER, before: ANY, after: ANY, example: { ...provider, before: { rate_limit: null }, after: { rate_limit: 60 } } },
  ),
  activity(
    'provider.key_rotated',
    { title: 'Provider’s key changed', description: 'A provider got a new key. The key itself is not told.' },
    { ...PROVIDER, after: ANY, example: { ...provider, after: { key_prefix: 'pk_4f1d2c9' } } },
  ),
  activity(
    'provider.deleted',
    { title: 'Provider deleted', description: 'Somebody deleted a provider. Its leads stay.' },
    { ...PROVIDER, before: ANY, example: { ...provider, before: { provider_name: 'Sun Leads' } } },
  ),
]
