import type { CrmProvider } from '../../provider.ts'
import { ActiveCampaignConnectionManager } from './manager.ts'

export const activecampaign: CrmProvider = {
  name: 'activecampaign',
  title: 'ActiveCampaign',
  instructions: `
1. Make a user for this, in a group that may manage contacts, lists and tags, and delete contacts if spam is to be deleted. Signed in as this user, take
the API address and the key from **Settings, Developer**.
2. Under **Contacts, Fields** make a **text field** with the personalization tag \`THROUGHLINE_ID\`. Our contact id is kept there: by it a member is found again
when the e-mail has changed.
`.trim(),
  fields: [
    { name: 'url', label: 'API address', type: 'url', required: true, help: 'As it stands there: https://acme.api-us1.com' },
    { name: 'api_token', label: 'API key', is_secret: true, required: true },
    { name: 'id_field', label: 'Field for our contact id', otherwise: 'THROUGHLINE_ID', help: 'Its personalization tag' },
    { name: 'sustainer_tag', label: 'Tag of sustainers' },
    { name: 'sustainer_list', label: 'List of sustainers', help: 'Instead of a tag: who is active on it' },
    {
      name: 'review_tag',
      label: 'Tag for who is to be looked at',
      otherwise: 'Manual review required',
      help: 'Made if it is not there',
    },
    {
      name: 'junk_tags',
      label: 'Tags that keep nobody',
      type: 'textarea',
      help: 'One a line. Spam is deleted only if it has no deal and no other tags than these and the one for review.',
    },
    {
      name: 'fields',
      label: 'Fields for what people tell',
      type: 'textarea',
      help: 'One a line, our name first, then the personalization tag: interests = INTERESTS, language = LANGUAGE',
    },
    { name: 'old_id_field', label: 'Field with the id of the CRM before', help: 'Its personalization tag' },
  ],
  // 5 a second for an account, whatever else asks there; a request may be on its way for a moment longer than the next.
  concurrency: 2,
  pace: { requests: 5, per_ms: 1100 },
  open: means => new ActiveCampaignConnectionManager(means),
}
