import { asBag, type Bag, bagsOf, readBag, textOf, withoutNothing } from './bag.ts'
import type { Ask, Fetched, Field, Fields, Format } from './format.ts'
import { readJson } from './json.ts'
import { hmac, judgeSignature } from './signature.ts'

/** https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation and .../marketing/lead-sync/leadsync */
export const linkedin: Format = {
  name: 'linkedin',
  title: 'LinkedIn lead sync',
  instructions:
    "Create a lead notification subscription with `{address}` as its webhook (LinkedIn's Lead Sync API). LinkedIn asks the address every two " +
    'hours whether it is yours, and it is answered with the client secret that you give here. Leads are fetched with the access token.',
  secrets: [
    { name: 'client_secret', label: 'Client secret', required: true },
    { name: 'access_token', label: 'Access token', required: true },
    { name: 'api_url', label: 'Address of the API (https://api.linkedin.com/rest without)', required: false },
    { name: 'api_version', label: 'LinkedIn-Version (202509 without)', required: false },
  ],
  recognises: ({ body, query, headers }) =>
    query.has('challengeCode') || headers['x-li-signature'] !== undefined || body.includes('urn:li:leadGenFormResponse:'),
  verify: ({ body, headers }, { client_secret }) =>
    judgeSignature(client_secret, headers['x-li-signature'], 'X-LI-Signature', secret =>
      [`hmacsha256=${body.toString('utf8')}`, body].flatMap(signed => {
        const hash = hmac(secret, signed, 'hex')
        return [hash, `hmacsha256=${hash}`]
      }),
    ),
  handshake({ method, query }, { client_secret }) {
    const code = query.get('challengeCode')
    if (method !== 'GET' || code === null) return null
    if (!client_secret) return { status: 403, body: 'The client secret is missing in the settings of this webhook.' }
    return { status: 200, body: { challengeCode: code, challengeResponse: hmac(client_secret, code, 'hex') } }
  },
  read({ body }) {
    const bag = readBag(body)
    if (!bag) return { ok: false, reason: 'The body is not a JSON object, as LinkedIn sends it.' }
    const urn = textOf(bag.leadGenFormResponse)
    const fields = withoutNothing(bag as Fields)
    const is_lead = urn !== undefined && (bag.leadAction === undefined || bag.leadAction === 'CREATED')
    if (!is_lead) return { ok: true, items: [{ delivery_key: null, fields, is_test: false, kind: 'ignored' }] }
    const id = urn.slice(urn.lastIndexOf(':') + 1)
    return { ok: true, items: [{ delivery_key: id, fields, is_test: false, kind: 'fetch', fetch: { id } }] }
  },
  fetch: ({ id }, secrets, ask) => fetchResponse(id, secrets, ask),
}

async function fetchResponse(
  id: string,
  { access_token, api_url, api_version }: Record<string, string>,
  ask: Ask,
): Promise<Fetched> {
  if (!access_token) return { ok: false, again: false, reason: 'The access token is missing in the settings of the webhook.' }
  const url = `${(api_url ?? 'https://api.linkedin.com/rest').replace(/\/+$/, '')}/leadFormResponses/${encodeURIComponent(id)}`
  const answer = await ask({
    method: 'GET',
    url,
    headers: {
      authorization: `Bearer ${access_token}`,
      'linkedin-version': api_version ?? '202509',
      'x-restli-protocol-version': '2.0.0',
    },
  })
  if (!answer.ok) return { ok: false, again: true, reason: answer.reason }
  const bag = asBag(readJson(answer.body))
  if (answer.status === 200 && bag) return { ok: true, fields: fieldsOf(bag) }
  const said = textOf(bag?.message) ?? `status ${answer.status}`
  return {
    ok: false,
    again: answer.status === 429 || answer.status >= 500,
    reason: `LinkedIn did not give the lead: ${said.slice(0, 300)}`,
  }
}

/** Questions have a name in the form, which comes along when the form does; else their number is all there is. */
function fieldsOf(bag: Bag): Fields {
  const questions = bagsOf(asBag(asBag(bag.form)?.content)?.questions)
  const nameOf = new Map(
    questions.map(({ questionId, predefinedField, name }) => [
      String(questionId),
      textOf(predefinedField)?.toLowerCase() ?? textOf(name),
    ]),
  )
  const answers = bagsOf(asBag(bag.formResponse)?.answers).flatMap(answer => {
    const key = textOf(answer.predefinedField)?.toLowerCase() ?? nameOf.get(String(answer.questionId)) ?? textOf(answer.name)
    const value = answerOf(asBag(answer.answerDetails))
    return value === undefined ? [] : [[key ?? `question_${String(answer.questionId)}`, value] as const]
  })
  const hidden = bagsOf(asBag(bag.form)?.hiddenFields).map(({ name, value }) => [String(name), value as Field] as const)
  return {
    ...withoutNothing({
      lead_id: textOf(bag.id),
      submitted_at: bag.submittedAt as Field,
      lead_type: undefined,
      test_lead: bag.testLead as Field,
    }),
    ...Object.fromEntries(hidden),
    ...Object.fromEntries(answers),
  }
}

function answerOf(details: Bag | undefined): Field | undefined {
  const text = textOf(asBag(details?.textQuestionAnswer)?.answer)
  if (text !== undefined) return text
  const options = asBag(details?.multipleChoiceAnswer)?.options
  return Array.isArray(options) ? options.map(String) : undefined
}
