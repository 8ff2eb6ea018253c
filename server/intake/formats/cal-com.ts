import { asBag, bagsOf, readBag, textOf, withoutNothing } from './bag.ts'
import { flatten } from './flatten.ts'
import type { Field, Fields, Format, ToldOfMeeting } from './format.ts'
import { hmac, judgeSignature } from './signature.ts'

/** https://cal.com/docs/developing/guides/automation/webhooks. A subscriber may have replaced the payload: then what is there is read. */
export const calCom: Format = {
  name: 'cal_com',
  title: 'Cal.com',
  instructions:
    'In Cal.com open Settings, Developer, Webhooks, New. Subscriber URL `{address}`, triggers "Booking created", "Booking ' +
    'rescheduled", "Booking cancelled" and "Form submitted", and a secret that you also give here.',
  secrets: [{ name: 'secret', label: 'Secret', required: false }],
  recognises: ({ body, headers }) => headers['x-cal-signature-256'] !== undefined || body.includes('"triggerEvent"'),
  verify: ({ body, headers }, { secret }) =>
    judgeSignature(secret, headers['x-cal-signature-256'], 'X-Cal-Signature-256', key => [hmac(key, body, 'hex')]),
  read({ body }) {
    const bag = readBag(body)
    if (!bag) return { ok: false, reason: 'The body is not a JSON object, as Cal.com sends it.' }
    const payload = asBag(bag.payload)
    const trigger = textOf(bag.triggerEvent)
    if (!payload || !trigger)
      return { ok: true, items: [{ delivery_key: null, fields: flatten(bag), is_test: false, kind: 'lead' }] }
    const uid = textOf(payload.uid)
    const meeting = meetingOf(trigger, payload)
    const is_lead = meeting !== undefined || trigger === 'FORM_SUBMITTED'
    const fields = { trigger, ...fieldsOf(payload) }
    const delivery_key = is_lead && uid ? `${trigger} ${uid}` : null
    const kind = is_lead ? 'lead' : 'ignored'
    return { ok: true, items: [{ delivery_key, fields, is_test: false, kind, ...(meeting && { meeting }) }] }
  },
}

/** A booking that is moved gets a new id and says which it had. */
function meetingOf(trigger: string, payload: Record<string, unknown>): ToldOfMeeting | undefined {
  const external_id = textOf(payload.uid) ?? null
  const was = textOf(payload.rescheduleUid) ?? null
  if (trigger === 'BOOKING_CREATED') return { change: 'booked', external_id }
  if (trigger === 'BOOKING_RESCHEDULED') return { change: 'moved', external_id, was }
  return trigger === 'BOOKING_CANCELLED' ? { change: 'cancelled', external_id } : undefined
}

/** What was answered stands as {name: {label, value}}; who booked is the first attendee. */
function fieldsOf({ responses, attendees, customInputs: _, ...rest }: Record<string, unknown>): Fields {
  const answers = Object.entries(asBag(responses) ?? {}).map(([name, answer]) => [name, asBag(answer)?.value ?? answer] as const)
  const [who = {}] = bagsOf(attendees)
  return withoutNothing({
    ...flatten({ appointment: rest }),
    ...withoutNothing({
      name: textOf(who.name),
      email: textOf(who.email),
      time_zone: textOf(who.timeZone),
      phone: textOf(who.phoneNumber),
    }),
    ...flatten(Object.fromEntries(answers)),
  } as Record<string, Field>)
}
