import { asBag, bagsOf, readBag, textOf, withoutNothing } from './bag.ts'
import { flatten } from './flatten.ts'
import type { Field, Fields, Format, ToldOfMeeting } from './format.ts'
import { hmac, judgeSignature } from './signature.ts'

/** https://developer.calendly.com/api-docs (webhooks). A signature holds for three minutes. */
export const calendly: Format = {
  name: 'calendly',
  title: 'Calendly',
  instructions:
    "Create a webhook subscription with Calendly's API (`POST /webhook_subscriptions`, a paid plan) for `invitee.created`, " +
    '`invitee.canceled` and `routing_form_submission.created` with the URL `{address}`; give here its signing key.',
  secrets: [{ name: 'signing_key', label: 'Signing key', required: false }],
  recognises: ({ body, headers }) =>
    headers['calendly-webhook-signature'] !== undefined || (body.includes('calendly.com/') && body.includes('"invitee')),
  verify({ body, headers }, { signing_key }) {
    const header = headers['calendly-webhook-signature']
    const parts = new Map((header ?? '').split(',').map(part => part.trim().split('=', 2) as [string, string]))
    const at = parts.get('t') ?? ''
    const verdict = judgeSignature(signing_key, header && (parts.get('v1') ?? 'none'), 'Calendly-Webhook-Signature', key => [
      hmac(key, Buffer.concat([Buffer.from(`${at}.`), body]), 'hex'),
    ])
    if (!('ok' in verdict) || !verdict.ok) return verdict
    const age = Math.abs(Date.now() / 1000 - Number(at))
    return age <= TOLERANCE_S
      ? verdict
      : { ok: false, reason: 'The signature is older than three minutes. Is the clock of this server right?' }
  },
  read({ body }) {
    const bag = readBag(body)
    const payload = asBag(bag?.payload)
    if (!bag || !payload) return { ok: false, reason: 'There is no payload in it, as Calendly sends it.' }
    const event = textOf(bag.event)
    const key = textOf(payload.uri)
    const meeting = meetingOf(event, payload)
    const is_lead = meeting !== undefined || event === 'routing_form_submission.created'
    return {
      ok: true,
      items: [
        {
          delivery_key: is_lead && key ? `${event} ${key}` : null,
          fields: fieldsOf(payload),
          is_test: false,
          kind: is_lead ? 'lead' : 'ignored',
          ...(meeting && { meeting }),
        },
      ],
    }
  },
}

/** A meeting that was moved comes twice: as one that was cancelled, which says so, and as a new invitee of the old one. */
function meetingOf(event: string | undefined, payload: Record<string, unknown>): ToldOfMeeting | undefined {
  const external_id = textOf(payload.uri) ?? null
  const was = textOf(payload.old_invitee) ?? null
  if (event === 'invitee.created') return { change: was === null ? 'booked' : 'moved', external_id, was }
  return event === 'invitee.canceled' && payload.rescheduled !== true ? { change: 'cancelled', external_id } : undefined
}

const TOLERANCE_S = 180

function fieldsOf({
  questions_and_answers,
  tracking,
  scheduled_event,
  text_reminder_number,
  ...rest
}: Record<string, unknown>): Fields {
  const answers = bagsOf(questions_and_answers).map(({ question, answer }) => [String(question), answer as Field] as const)
  return withoutNothing({
    ...flatten(rest),
    ...flatten(asBag(tracking) ?? {}),
    ...flatten({ appointment: scheduled_event }),
    phone: textOf(text_reminder_number),
    ...Object.fromEntries(answers),
  } as Fields)
}
