import { sameText } from '../../workspaces/secrets.ts'
import { type Bag, bagsOf, readBag, textOf, withoutNothing } from './bag.ts'
import type { Field, Format } from './format.ts'

/** https://developers.google.com/google-ads/webhook/docs/implementation */
export const googleAds: Format = {
  name: 'google_ads',
  title: 'Google Ads lead forms',
  instructions:
    'In Google Ads open the lead form, "Export leads from Google Ads", "Other data integration options", "Webhook integration". Paste ' +
    '`{address}` as the webhook URL and a key of your choice as the key; type the same key here. "Send test data" makes a test lead.',
  secrets: [{ name: 'google_key', label: 'Key', required: true }],
  recognises: ({ body }) => body.includes('"user_column_data"'),
  verify({ body }, { google_key }) {
    if (!google_key) return { unsigned: true }
    const given = textOf(readBag(body)?.google_key)
    if (given !== undefined && sameText(given, google_key)) return { ok: true }
    return { ok: false, reason: 'The key in google_key is wrong. Compare it with the one in the lead form.' }
  },
  read({ body }) {
    const bag = readBag(body)
    if (!bag) return { ok: false, reason: 'The body is not a JSON object, as Google Ads sends it.' }
    const { google_key: _, user_column_data, is_test, lead_id, gcl_id, ...rest } = bag
    const fields = {
      ...withoutNothing(rest as Record<string, Field>),
      ...withoutNothing({ gclid: textOf(gcl_id), lead_id: textOf(lead_id) }),
      ...answersOf(bagsOf(user_column_data)),
    }
    return {
      ok: true,
      items: [{ delivery_key: textOf(lead_id) ?? null, fields, is_test: is_test === true || is_test === 'true', kind: 'lead' }],
    }
  },
}

/** Own questions have an id that says nothing; then what the person read is the key. */
function answersOf(columns: Bag[]): Record<string, Field> {
  const entries = columns.flatMap(({ column_id, column_name, string_value }) => {
    const id = textOf(column_id)
    const key = id && KNOWN.has(id) ? id.toLowerCase() : (textOf(column_name) ?? id)
    const value = textOf(string_value)
    return key && value !== undefined ? [[key, value] as const] : []
  })
  return Object.fromEntries(entries)
}

const KNOWN = new Set(
  (
    'FULL_NAME FIRST_NAME LAST_NAME EMAIL WORK_EMAIL PHONE_NUMBER WORK_PHONE STREET_ADDRESS CITY REGION POSTAL_CODE COUNTRY ' +
    'COMPANY_NAME JOB_TITLE'.trim()
  ).split(' '),
)
