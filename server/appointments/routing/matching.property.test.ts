import fc from 'fast-check'
import type postgres from 'postgres'
import { Temporal } from 'temporal-polyfill'
import { beforeAll, expect, test } from 'vitest'
import type { RoutingMatches } from '../../../shared/routing.ts'
import { type FreshApp, freshApp } from '../../../test/app.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { createAreaList } from './area-lists.ts'
import { openDraft } from './draft.ts'
import { findRules, readLists } from './find-rules.ts'
import type { Inputs } from './inputs.ts'
import { createRule, editRule, moveRule, removeRule } from './rules.ts'

// Few values, so that rules and appointments meet, in the spellings in which people write them.
const PRODUCTS = ['solar', ' Solar', 'roof', 'heat pump']
const STATES = ['CA', 'ca ', 'NV', 'California']
const LANGUAGES = ['en', 'EN-us', 'en_GB', 'de', 'de-AT']
const ZIPS = ['94110', '94110-1234', '9411', '94', '10001', '100', 'SW1A 1AA', 'sw1a1aa', 'SW1']
const ZONES = ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia']
const LISTS = [
  { name: 'zip', kind: 'zip', entries: ['94110-0000', 'sw1a 1aa'] },
  { name: 'zip_prefix', kind: 'zip_prefix', entries: ['94', 'SW1'] },
  { name: 'state', kind: 'state', entries: ['California', 'nv'] },
  { name: 'country', kind: 'country', entries: ['us'] },
] as const

const some = (values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '30'))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${m}`)
const hours = fc
  .record({
    time_zone: fc.constantFrom(...ZONES),
    weekdays: maybe(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })),
    from: maybe(clock),
    until: maybe(clock),
  })
  .filter(one => (one.from ?? '00:00') !== (one.until ?? '24:00'))
/** One to three conditions each, so that every one of them, and many a pair, is what some rule is found by. */
const matchesGiven = (lists: number[]): fc.Arbitrary<RoutingMatches> => {
  const conditions: { [K in keyof Required<RoutingMatches>]: fc.Arbitrary<RoutingMatches[K]> } = {
    types: some(['consultation', 'visit']),
    products: some(PRODUCTS),
    sources: some(['google', 'Google', 'partner']),
    languages: some(LANGUAGES),
    states: some(STATES),
    countries: some(['US', 'us', 'CA']),
    zips: some(ZIPS),
    zip_prefixes: some(ZIPS),
    area_lists: fc.uniqueArray(fc.constantFrom(...lists), { minLength: 1, maxLength: 2 }),
    score_from: fc.integer({ min: 0, max: 5 }),
    score_to: fc.integer({ min: 5, max: 9 }),
    hours: hours as fc.Arbitrary<NonNullable<RoutingMatches['hours']>>,
    valid_from: fc.constantFrom('2026-01-01', '2026-06-15'),
    valid_until: fc.constantFrom('2026-06-15', '2026-12-31'),
  }
  const names = Object.keys(conditions) as (keyof RoutingMatches)[]
  return fc
    .subarray(names, { minLength: 1, maxLength: 4 })
    .chain(chosen => fc.record(Object.fromEntries(chosen.map(name => [name, conditions[name] as fc.Arbitrary<unknown>]))))
    .map(given => JSON.parse(JSON.stringify(given)) as RoutingMatches)
}
const nullable = (values: string[]) => fc.option(fc.constantFrom(...values), { nil: null, freq: 4 })
const inputsGiven: fc.Arbitrary<Inputs> = fc.record({
  type: fc.constantFrom('consultation', 'visit', 'other'),
  product: nullable([...PRODUCTS, '']),
  source: nullable(['google', 'partner']),
  language: nullable(LANGUAGES),
  state: nullable(STATES),
  country: nullable(['US', 'ca']),
  zip_code: nullable(ZIPS),
  score: fc.option(fc.integer({ min: -1, max: 10 }), { nil: null }),
  scheduled_at: fc
    .integer({ min: Date.UTC(2026, 0, 1) / 900_000, max: Date.UTC(2026, 11, 31) / 900_000 })
    .map(at => at * 900_000),
  day: fc.constantFrom('2025-12-31', '2026-01-01', '2026-06-15', '2026-12-31', '2027-01-01'),
  owner_id: fc.constant(null),
})

let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
})

const ACTOR = { kind: 'system' }

test('the first rule is found by its key as by reading all of them, whatever was added, changed, moved and deleted', async () => {
  const { workspace_id } = await fresh.another()
  const within = <T>(work: (sql: postgres.TransactionSql) => Promise<T>) => inWorkspace(fresh.database, workspace_id, work)
  const lists = new Map<number, (typeof LISTS)[number]>()
  for (const list of LISTS) {
    const { id } = await within(sql => createAreaList(sql, workspace_id, { ...list, entries: [...list.entries] }, ACTOR))
    lists.set(id, list)
  }
  const step = fc.record({
    what: fc.constantFrom('add', 'add', 'add', 'add', 'edit', 'move', 'delete', 'switch'),
    which: fc.nat(),
    position: fc.integer({ min: 1, max: 30 }),
    matches: matchesGiven([...lists.keys()]),
  })
  type Obvious = { id: number; active: boolean; matches: RoutingMatches }
  let rules: Obvious[] = []
  const hits = { found: 0, none: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 40 }),
      fc.array(inputsGiven, { minLength: 20, maxLength: 40 }),
      async (steps, all) => {
        await within(async sql => {
          await sql`delete from routing_rules where workspace_id = ${workspace_id}`
          rules = []
          for (const { what, which, position, matches } of steps) {
            const rule = rules[which % Math.max(1, rules.length)]
            if (what === 'add' || rule === undefined) {
              const made = await createRule(
                sql,
                workspace_id,
                { name: 'R', target: { kind: 'nobody' }, matches, position },
                ACTOR,
              )
              rules.splice(position - 1, 0, { id: made.id, active: true, matches })
            } else if (what === 'edit') {
              await editRule(sql, workspace_id, rule.id, { matches }, ACTOR)
              rule.matches = matches
            } else if (what === 'switch') {
              rule.active = !rule.active
              await editRule(sql, workspace_id, rule.id, { active: rule.active }, ACTOR)
            } else {
              rules.splice(rules.indexOf(rule), 1)
              if (what === 'delete') await removeRule(sql, workspace_id, rule.id, ACTOR)
              else {
                await moveRule(sql, workspace_id, rule.id, position, ACTOR)
                rules.splice(position - 1, 0, rule)
              }
            }
          }
          const expected = all.map(inputs => rules.find(({ active, matches }) => active && holds(matches, inputs, lists))?.id)
          const found = await findRules(sql, workspace_id, all)
          expect(found.map(rule => rule?.id)).toEqual(expected)
          for (const id of expected) hits[id === undefined ? 'none' : 'found']++
          // A draft in memory says the same.
          const active = rules
            .filter(rule => rule.active)
            .map(rule => ({ ...rule, version: 1, target: { kind: 'nobody' as const }, fallback: [], needs_free: true }))
          const draft = await openDraft(active)
          const theirs = await readLists(sql, workspace_id, all)
          expect(all.map((inputs, k) => draft.ruleFor(inputs, theirs[k]!)?.id)).toEqual(expected)
        })
      },
    ),
    { numRuns: 20, endOnFailure: true, seed: 20_261_121 },
  )
  // Rules that are for nothing, or for everything, would agree however wrong they were.
  expect(Math.min(hits.found, hits.none)).toBeGreaterThan(50)
}, 240_000)

/** Slow and obvious: every condition by itself, with nothing looked up. */
function holds(m: RoutingMatches, inputs: Inputs, lists: Map<number, (typeof LISTS)[number]>): boolean {
  const plain = (text: string) => text.trim().toLowerCase()
  const zipOf = (text: string) =>
    plain(text)
      .replaceAll(' ', '')
      .replace(/^(\d{5})-\d{4}$/, '$1')
  const tongue = (text: string) => plain(text).replace('_', '-')
  const known = (text: string | null) => (text === null || text.trim() === '' ? undefined : text)
  const any = (list: string[] | undefined, value: string | null, same: (one: string, other: string) => boolean) => {
    if (list === undefined) return true
    const said = known(value)
    return said !== undefined && list.some(one => same(one, said))
  }
  const equal = (one: string, other: string) => plain(one) === plain(other)
  const inList = (id: number) => {
    const { kind, entries } = lists.get(id)!
    const [zip, list] = [inputs.zip_code, [...entries]]
    if (kind === 'zip') return any(list, zip, (one, other) => zipOf(one) === zipOf(other))
    if (kind === 'zip_prefix') return any(list, zip, (one, other) => zipOf(other).startsWith(zipOf(one)))
    return any(list, kind === 'state' ? inputs.state : inputs.country, equal)
  }
  const conditions = [
    any(m.types, inputs.type, equal),
    any(m.products, inputs.product, equal),
    any(m.sources, inputs.source, equal),
    any(m.states, inputs.state, equal),
    any(m.countries, inputs.country, equal),
    any(m.languages, inputs.language, (one, other) => `${tongue(other)}-`.startsWith(`${tongue(one)}-`)),
    any(m.zips, inputs.zip_code, (one, other) => zipOf(one) === zipOf(other)),
    any(m.zip_prefixes, inputs.zip_code, (one, other) => zipOf(other).startsWith(zipOf(one))),
    m.area_lists === undefined || m.area_lists.some(inList),
    m.score_from === undefined || (inputs.score !== null && inputs.score >= m.score_from),
    m.score_to === undefined || (inputs.score !== null && inputs.score <= m.score_to),
    m.valid_from === undefined || inputs.day >= m.valid_from,
    m.valid_until === undefined || inputs.day <= m.valid_until,
    m.hours === undefined || isOpen(m.hours, inputs.scheduled_at),
  ]
  return conditions.every(Boolean)
}

/** Half hour by half hour through the week before: is it in a window that began on one of the days? */
function isOpen(
  { time_zone, weekdays = [1, 2, 3, 4, 5, 6, 7], from = '00:00', until = '24:00' }: NonNullable<RoutingMatches['hours']>,
  at: number,
) {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(time_zone).toPlainDateTime()
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  const length = (minutes(until) - minutes(from) + 1440) % 1440 || 1440
  return [0, 1].some(back => {
    const begin = local.toPlainDate().subtract({ days: back })
    const opens = begin.toPlainDateTime().add({ minutes: minutes(from) })
    const closes = opens.add({ minutes: length })
    const isIn = Temporal.PlainDateTime.compare(opens, local) <= 0 && Temporal.PlainDateTime.compare(local, closes) < 0
    return weekdays.includes(begin.dayOfWeek) && isIn
  })
}
