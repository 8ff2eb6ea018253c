import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openLedger } from './ledger.ts'
import { notSent } from './send.ts'
import type { Made } from './settle.ts'

const result = (delivery_id: number, response_body: string | null = null): Made => ({
  ...{ workspace_id: 1, endpoint_id: 1, delivery_id, token: 'a', number: 1, state: 'failed', run_in_ms: null, counts: true },
  attempt: { ...notSent('nobody there'), response_body },
})
const idsOf = (made: readonly Made[]) => made.map(({ delivery_id }) => delivery_id)
const refused = (code: string) => Object.assign(new Error(code), { code })

test('what comes while a group is written goes into the next one, in order', async () => {
  const groups: number[][] = []
  const written: number[] = []
  let finish: (() => void) | undefined
  const ledger = openLedger(
    async made => {
      groups.push(idsOf(made))
      if (groups.length > 1) return
      await new Promise<void>(resolve => {
        finish = resolve
      })
    },
    () => expect.fail('nothing to complain about'),
  )
  for (let id = 1; id <= 10; id++) ledger.add(result(id), () => written.push(id))
  while (!finish) await sleep(5)
  for (let id = 11; id <= 20; id++) ledger.add(result(id), () => written.push(id))
  finish()
  await ledger.drain(5_000)
  expect(groups).toEqual([
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    [11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
  ])
  expect(written).toEqual(groups.flat())
})

test('a group that is full is written beside the one before, and what comes then waits for either', async () => {
  const groups: number[] = []
  const finish: (() => void)[] = []
  const written: number[] = []
  const ledger = openLedger(
    made => {
      groups.push(made.length)
      return new Promise(resolve => finish.push(resolve))
    },
    () => expect.fail('nothing to complain about'),
  )
  const add = (count: number) => {
    for (let k = 0; k < count; k++) ledger.add(result(k), () => written.push(k))
  }
  add(10)
  await expect.poll(() => groups).toEqual([10])
  add(399)
  await sleep(50)
  expect(groups).toEqual([10])
  add(1)
  await expect.poll(() => groups).toEqual([10, 400])
  add(500)
  await sleep(50)
  expect(groups).toEqual([10, 400])
  finish[1]!()
  await expect.poll(() => groups).toEqual([10, 400, 500])
  expect(written).toHaveLength(400)
  add(3)
  finish[0]!()
  finish[2]!()
  await expect.poll(() => groups).toEqual([10, 400, 500, 3])
  finish[3]!()
  await ledger.drain(5_000)
  expect(written).toHaveLength(913)
})

test('what could not be written is kept until it can be, but not for ever more of it', async () => {
  let is_away = true
  const stored: number[] = []
  const complaints: unknown[] = []
  const ledger = openLedger(
    async made => {
      if (is_away) throw refused('CONNECTION_CLOSED')
      stored.push(...idsOf(made))
    },
    error => complaints.push(error),
  )
  const all = Array.from({ length: 5_000 }, (_, k) => k)
  for (const id of all) ledger.add(result(id), () => {})
  expect(ledger.is_full).toBe(true)
  await expect.poll(() => complaints.length).toBeGreaterThan(0)
  is_away = false
  await ledger.drain(10_000)
  expect(stored).toEqual(all)
  expect(ledger.is_full).toBe(false)
})

test('large answers fill it, too', () => {
  const ledger = openLedger(
    async () => {},
    () => {},
  )
  for (let id = 0; id < 4_200; id++) ledger.add(result(id, 'x'.repeat(16_384)), () => {})
  expect(ledger.is_full).toBe(true)
})

test('one that cannot be stored is written without its answer, and holds up no other', async () => {
  const stored: Made[] = []
  const ledger = openLedger(
    async made => {
      if (made.some(({ attempt }) => attempt.response_body === 'odd')) throw refused('22P05')
      stored.push(...made)
    },
    () => {},
  )
  ledger.add(result(1, 'fine'), () => {})
  ledger.add(result(2, 'odd'), () => {})
  ledger.add(result(3, 'fine'), () => {})
  await ledger.drain(5_000)
  expect(idsOf(stored)).toEqual([1, 2, 3])
  expect(stored.map(({ attempt }) => attempt.response_body)).toEqual(['fine', null, 'fine'])
  expect(stored[1]!.attempt.error).toMatch(/cannot store/)
})

test('is given up by a server that stops while the database is away', async () => {
  let tries = 0
  const ledger = openLedger(
    async () => {
      tries++
      throw refused('ECONNREFUSED')
    },
    () => {},
  )
  ledger.add(result(1), () => {})
  await ledger.drain(100)
  const before = tries
  await sleep(700)
  expect(tries - before).toBeLessThanOrEqual(1)
  await sleep(700)
  expect(tries - before).toBeLessThanOrEqual(1)
})
