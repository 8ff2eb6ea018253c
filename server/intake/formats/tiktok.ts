import { type Bag, bagsOf, readBag, textOf, withoutNothing } from './bag.ts'
import type { Field, Format, Item } from './format.ts'
import { hmac, judgeSignature } from './signature.ts'

/** TikTok's lead subscriptions. Its signature is of the body with every character beyond ASCII escaped. */
export const tiktok: Format = {
  name: 'tiktok',
  title: 'TikTok lead generation',
  instructions:
    "Subscribe with TikTok's Business API (`/subscription/subscribe/`, `subscribe_entity: LEAD`) with `{address}` as the callback, and give " +
    'here the secret of your app. The subscription ends silently when its token is revoked: look at it now and then.',
  secrets: [{ name: 'app_secret', label: 'App secret', required: true }],
  recognises: ({ body, headers }) =>
    headers['x-open-signature'] !== undefined || (body.includes('"advertiser_id"') && body.includes('"changes"')),
  verify: ({ body, headers }, { app_secret }) =>
    judgeSignature(app_secret, headers['x-open-signature'], 'X-Open-Signature', secret => [hmac(secret, escaped(body), 'hex')]),
  read({ body }) {
    const bag = readBag(body)
    if (!bag) return { ok: false, reason: 'The body is not a JSON object, as TikTok sends it.' }
    // The same address is told of reviews of ads and more, under other numbers.
    const is_lead = Number(bag.object) === 1
    return { ok: true, items: bagsOf(bag.entry).map(entry => itemOf(entry, is_lead)) }
  },
}

function itemOf({ changes, id, ...rest }: Bag, is_lead: boolean): Item {
  const answers = bagsOf(changes).flatMap(({ field, value }) => {
    const key = textOf(field)
    return key && value !== null && value !== undefined ? [[key, value as Field] as const] : []
  })
  return {
    delivery_key: is_lead ? (textOf(id) ?? null) : null,
    fields: {
      ...withoutNothing(rest as Record<string, Field>),
      ...withoutNothing({ lead_id: textOf(id) }),
      ...Object.fromEntries(answers),
    },
    is_test: false,
    kind: is_lead ? 'lead' : 'ignored',
  }
}

function escaped(body: Buffer): string {
  return body.toString('utf8').replace(/[\u0080-\uffff]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
