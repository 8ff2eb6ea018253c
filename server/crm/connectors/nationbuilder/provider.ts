import type { CrmProvider } from '../../provider.ts'
import { NationBuilderV1 } from './v1.ts'
import { NationBuilderV2 } from './v2.ts'

/** Lists are tags here. What of two versions is alike stands in people.ts. */
export const nationbuilder: CrmProvider = {
  name: 'nationbuilder',
  title: 'NationBuilder',
  instructions: `
For v2:

1. In the nation, under **Settings, Developer**, register an app.
2. Let somebody authorize it whose permission set may see, change and delete people, and exchange the code that comes for tokens.
3. Give the client id, the client secret and the **refresh token** here. It changes with every use, and the newest one is kept here: no other program
may use it.

For v1, which is legacy: make a token under **Settings, Developer, API token**, and give it here.
`.trim(),
  fields: [
    { name: 'url', label: 'Address of the nation', type: 'url', required: true, help: 'https://acme.nationbuilder.com' },
    {
      name: 'version',
      label: 'Version of the API',
      otherwise: 'v2',
      choices: [
        { value: 'v2', label: 'v2' },
        { value: 'v1', label: 'v1 (legacy)' },
      ],
    },
    { name: 'client_id', label: 'Client id', help: 'v2: of the app that you registered' },
    { name: 'client_secret', label: 'Client secret', is_secret: true, help: 'v2' },
    { name: 'refresh_token', label: 'Refresh token', is_secret: true, help: 'v2: used up by the first request, then renewed' },
    { name: 'access_token', label: 'API token', is_secret: true, help: 'v1; or to try v2 for a day' },
    { name: 'sustainer_tag', label: 'Tag of sustainers' },
    { name: 'review_tag', label: 'Tag for who is to be looked at', otherwise: 'Manual review required' },
    {
      name: 'junk_tags',
      label: 'Tags that keep nobody',
      type: 'textarea',
      help: 'One a line. Spam is deleted only if it has no other tags than these and the one for review.',
    },
    {
      name: 'fields',
      label: 'Fields for what people tell',
      type: 'textarea',
      help: 'One a line, our name first: interests = custom_values.interests (v2), interests = interests (v1), language = language',
    },
    {
      name: 'old_id_field',
      label: 'Field with the id of the CRM before',
      choices: [
        { value: 'salesforce_id', label: 'Salesforce' },
        { value: 'civicrm_id', label: 'CiviCRM' },
        { value: 'ngp_id', label: 'NGP' },
        { value: 'van_id', label: 'VAN' },
      ],
    },
  ],
  concurrency: 4,
  // 250 in 10 s for a token and for an address, whichever is reached first.
  pace: { requests: 200, per_ms: 10_000 },
  open: means => (means.settings.version === 'v1' ? new NationBuilderV1(means) : new NationBuilderV2(means)),
}
