import { expect, test } from 'vitest'
import { SARAH } from './catalogue/entry.ts'
import type { Body } from './payload.ts'
import { MOST_BYTES, writeBody } from './write-body.ts'

const timestamp = '2026-01-31T09:30:00.000Z'
const event = (data: object = {}, contact: object = {}) =>
  ({
    event: 'conversion',
    contact: { ...SARAH, ...contact },
    data: { ...data, event_id: 7, message_id: 'm', distinct_id: 'd', stage: null, segment: null, type: 'purchase', amount: 1 },
    timestamp,
  }) as unknown as Body
const change = (data: object) =>
  ({
    event: 'contact.updated',
    contact: SARAH,
    data: { activity_id: 3, actor: { kind: 'user' }, subject_id: '4', visitor_id: null, ...data },
    timestamp,
  }) as unknown as Body

function sent(body: Body) {
  const text = writeBody(body)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES)
  return JSON.parse(text)
}

test('a body of usual size is sent whole', () => {
  const body = event({ note: 'é'.repeat(80_000) })
  expect(sent(body)).toEqual(body)
})

test('bytes count and not characters: one that is too large loses its data, keeps its ids and says so', () => {
  for (const note of ['x'.repeat(300_000), '漢'.repeat(100_000), '\u0001'.repeat(50_000)]) {
    const { contact, data } = sent(event({ note }))
    expect(contact).toEqual(SARAH)
    expect(data).toEqual({
      truncated: true,
      event_id: 7,
      message_id: 'm',
      distinct_id: 'd',
      stage: null,
      segment: null,
      type: 'purchase',
      amount: 1,
    })
  }
})

test('a change that is too large keeps who made it', () => {
  const { data } = sent(change({ before: null, after: { story: 'x'.repeat(400_000) } }))
  expect(data).toEqual({
    truncated: true,
    activity_id: 3,
    subject_id: '4',
    visitor_id: null,
    actor: { kind: 'user' },
    before: null,
    after: null,
  })
})

test('when the contact is what is too large, the data stays', () => {
  const { contact, data } = sent(event({ note: 'kept' }, { properties: { story: 'x'.repeat(400_000) } }))
  expect(data.note).toBe('kept')
  expect(contact).toEqual({ ...SARAH, properties: { truncated: true } })
})

test('when all of it is too large, the ids are left', () => {
  const { contact, data } = sent(
    event({ note: 'x'.repeat(300_000), order_id: 'o'.repeat(300_000) }, { name: 'x'.repeat(300_000) }),
  )
  expect(contact).toEqual({ id: SARAH.id, truncated: true })
  expect(data.event_id).toBe(7)
})
