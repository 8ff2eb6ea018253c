import type { CrmProvider } from '../../provider.ts'
import { HubSpotConnectionManager } from './manager.ts'

export const hubspot: CrmProvider = {
  name: 'hubspot',
  title: 'HubSpot',
  instructions: `
1. Make a private app (**Settings, Integrations, Private Apps**) with the scopes \`crm.objects.contacts.read\`, \`crm.objects.contacts.write\`,
   \`crm.schemas.contacts.read\`, \`crm.lists.read\` and \`crm.lists.write\`, and paste its access token below.
2. Make a contact property \`manual_review_required\` (a single checkbox), for those whom a person should look at.
3. So that nobody is made twice when an e-mail changes, make a text property \`throughline_id\` that **requires unique values** and name it below:
   it gets our contact id, and people are found by it. Otherwise they are found by e-mail.
4. Mailing lists are static lists of contacts, by their names. Sustainers are the members of one list, static or active.
`.trim(),
  fields: [
    { name: 'token', label: 'Access token', is_secret: true, required: true },
    {
      name: 'id_property',
      label: 'Property by which people are found',
      help: 'A property with unique values gets our contact id.',
      otherwise: 'email',
    },
    { name: 'language_property', label: 'Property of the interface language', otherwise: 'hs_language' },
    {
      name: 'fields',
      label: 'Other properties',
      help: 'Of what people told at sign-up, one a line: is_educator = educator.',
      type: 'textarea',
    },
    { name: 'review_property', label: 'Property of the mark for review', otherwise: 'manual_review_required' },
    {
      name: 'sustainer_list',
      label: 'List of sustainers',
      help: 'Its name or id. Without it nobody is read as a sustainer, and no spam is deleted.',
    },
    {
      name: 'old_id_property',
      label: 'Property of the id in the CRM before',
      help: 'It must require unique values. For the migration.',
    },
    { name: 'version', label: 'API version', help: 'v3, or a dated one: 2026-03.', otherwise: 'v3' },
    { name: 'url', label: 'Address', type: 'url', otherwise: 'https://api.hubapi.com' },
  ],
  concurrency: 5,
  // HubSpot lets each app send 100 in ten seconds, 190 in its larger plans.
  pace: { requests: 90, per_ms: 10_000 },
  open: means => new HubSpotConnectionManager(means),
}
