import { expect, test } from 'vitest'
import { CONNECTIONS } from '../egress/pool.ts'
import { allowedBy, MOST_IN_FLIGHT, nextOf, type Origin, openOrigins } from './origins.ts'
import type { Turn } from './turn.ts'

/** Nothing of a turn matters here but that it is this one. */
const turns = (count: number) => Array.from({ length: count }, (_, n) => ({ endpoint_id: n }) as Turn)
const origin = (in_flight: number, count: number): Origin => ({ name: 'there', in_flight, turns: new Set(turns(count)) })

test('an endpoint alone at its server has nearly all connections, and one of many what is left', () => {
  expect(allowedBy(origin(0, 1))).toBe(MOST_IN_FLIGHT)
  expect(MOST_IN_FLIGHT).toBeLessThan(CONNECTIONS)
  expect(allowedBy(origin(MOST_IN_FLIGHT, 2))).toBeGreaterThanOrEqual(1)
  expect(allowedBy(origin(CONNECTIONS - 1, 2))).toBe(1)
})

test('nothing is begun that would wait for a connection', () => {
  for (const count of [1, 2, 50]) expect(allowedBy(origin(CONNECTIONS, count))).toBe(0)
})

test('whoever waits for a connection is asked in turn', () => {
  const shared = origin(CONNECTIONS, 20)
  const asked = [nextOf(shared), nextOf(shared), nextOf(shared)].flat().map(({ endpoint_id }) => endpoint_id)
  expect(asked.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, n) => n))
  expect(asked.slice(20)).toEqual([0, 1, 2, 3])
  expect(nextOf(origin(0, 1))).toHaveLength(1)
  expect(nextOf(origin(0, 0))).toEqual([])
})

test('endpoints at one server share it, whatever their path, until nobody needs it', () => {
  const origins = openOrigins()
  const first = origins.of('https://hooks.example/a?b')
  expect(origins.of('https://hooks.example:443/c')).toBe(first)
  expect(origins.of('http://hooks.example/a')).not.toBe(first)
  first.in_flight = 1
  origins.forgetUnused(first)
  expect(origins.of('https://hooks.example/')).toBe(first)
  first.in_flight = 0
  origins.forgetUnused(first)
  expect(origins.of('https://hooks.example/')).not.toBe(first)
})
