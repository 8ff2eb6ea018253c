import { asBag, type Bag, bagsOf, readBag, textOf, withoutNothing } from './bag.ts'
import type { Field, Fields, Format } from './format.ts'
import { hmac, judgeSignature } from './signature.ts'

/** https://www.typeform.com/developers/webhooks/example-payload and .../secure-your-webhooks */
export const typeform: Format = {
  name: 'typeform',
  title: 'Typeform',
  instructions:
    'In Typeform open the form, Connect, Webhooks, and add `{address}`. Set a secret there and the same one here. Add the hidden fields ' +
    '`distinct_id`, `utm_source`, `utm_campaign` to the form, and each answer joins the visitor who gave it.',
  secrets: [{ name: 'secret', label: 'Secret', required: false }],
  recognises: ({ body, headers }) => headers['typeform-signature'] !== undefined || body.includes('"form_response"'),
  verify: ({ body, headers }, { secret }) =>
    judgeSignature(secret, headers['typeform-signature'], 'Typeform-Signature', key => [`sha256=${hmac(key, body, 'base64')}`]),
  read({ body }) {
    const bag = readBag(body)
    const response = asBag(bag?.form_response)
    if (!bag || !response) return { ok: false, reason: 'There is no form_response in it, as Typeform sends it.' }
    const is_whole = bag.event_type === undefined || bag.event_type === 'form_response'
    const key = textOf(response.token) ?? textOf(bag.event_id) ?? null
    return {
      ok: true,
      items: [
        { delivery_key: is_whole ? key : null, fields: fieldsOf(response), is_test: false, kind: is_whole ? 'lead' : 'ignored' },
      ],
    }
  },
}

function fieldsOf({ form_id, token, landed_at, submitted_at, calculated, hidden, variables, definition, answers }: Bag): Fields {
  const titles = new Map(bagsOf(asBag(definition)?.fields).map(({ id, title }) => [textOf(id), textOf(title)]))
  const given = bagsOf(answers).flatMap(answer => {
    const field = asBag(answer.field)
    const value = answerOf(answer)
    const key = keyOf(textOf(field?.ref), titles.get(textOf(field?.id)), answer)
    return key && value !== undefined ? [[key, value] as const] : []
  })
  const counted = bagsOf(variables).map(
    ({ key, type, ...values }) => [String(key), (values[String(type)] ?? null) as Field] as const,
  )
  return {
    ...withoutNothing({
      form_id: textOf(form_id),
      submission_id: textOf(token),
      landed_at: textOf(landed_at),
      submitted_at: textOf(submitted_at),
    }),
    ...withoutNothing({ score: asBag(calculated)?.score as Field }),
    ...Object.fromEntries(counted),
    ...withoutNothing((asBag(hidden) ?? {}) as Fields),
    ...Object.fromEntries(given),
  }
}

/** `ref` stays when a title is reworded; unless it was given by hand it is a number that says nothing, and then the title is better. */
function keyOf(ref: string | undefined, title: string | undefined, { type }: Bag): string | undefined {
  if (ref && !MADE.test(ref)) return ref
  return title?.replace(/\{\{.*?\}\}/g, '').trim() || (typeof type === 'string' ? type : ref)
}

const MADE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}$|^[0-9A-Z]{26}$/i

/** The value stands under the name of its type. */
function answerOf(answer: Bag): Field | undefined {
  const value = answer[String(answer.type)]
  const bag = asBag(value)
  if (!bag) return value === null ? undefined : (value as Field | undefined)
  const labels = bag.labels ?? bag.label ?? bag.other
  if (Array.isArray(labels)) return labels.map(String)
  return (labels as Field | undefined) ?? bag
}
