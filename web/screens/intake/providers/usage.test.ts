import { expect, test } from 'vitest'
import { byDay, byWebhook } from './usage.ts'

const row = (day: string, webhook_id: number, received: number, accepted: number) => ({
  day,
  webhook_id,
  webhook: `Webhook ${webhook_id}`,
  received,
  accepted,
  duplicates: received - accepted,
  refused: 0,
  limited: 1,
})
const data = [row('2026-03-03', 1, 5, 4), row('2026-03-03', 2, 9, 9), row('2026-03-01', 1, 2, 2)]

test('a day without traffic is there with nothing, and what was answered 429 counts beside what was accepted', () => {
  expect(byDay({ from: '2026-02-28', to: '2026-03-03', data })).toEqual([
    { day: '2026-02-28', accepted: 0, others: 0 },
    { day: '2026-03-01', accepted: 2, others: 1 },
    { day: '2026-03-02', accepted: 0, others: 0 },
    { day: '2026-03-03', accepted: 13, others: 3 },
  ])
})

test('sums up the days of each webhook, the most first', () => {
  expect(byWebhook(data)).toEqual([
    { webhook_id: 2, webhook: 'Webhook 2', received: 9, accepted: 9, duplicates: 0, refused: 0, limited: 1 },
    { webhook_id: 1, webhook: 'Webhook 1', received: 7, accepted: 6, duplicates: 1, refused: 0, limited: 2 },
  ])
})
