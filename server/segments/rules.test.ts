import { beforeAll, expect, test } from 'vitest'
import type { Contact } from '../../shared/contacts.ts'
import type { Rule, SegmentPreview } from '../../shared/segments.ts'
import { type FreshApp, freshApp } from '../../test/app.ts'
import { asking } from '../../test/asking.ts'
import { basic, batch, bearer, identify, track } from '../../test/people.ts'
import { inWorkspace } from '../database/transaction.ts'
import { previewRule } from './preview.ts'

const DAY = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString()

let fresh: FreshApp
const ids: Record<string, number> = {}

/** Ann is hot and bought; Ben watched a little long ago and has a lead that was lost; Cem registered and did nothing; Dora is only an e-mail. */
beforeAll(async () => {
  fresh = await freshApp()
  const said = (name: string, event: string, days: number, properties: object = {}) =>
    track(event, { anonymousId: name, timestamp: ago(days), properties: { ...properties } })
  const register = (name: string, days: number) => said(name, 'registration', days, { email: `${name}@example.com` })
  const traits = (name: string, traits: object) => identify({ anonymousId: name, timestamp: ago(1), traits: { ...traits } })
  const messages = [
    register('ann', 40),
    said('ann', 'video_progress', 2, { watch_percentage: 90, video_id: 'sourdough' }),
    said('ann', 'video_progress', 3, { watch_percentage: 50, video_id: 'sourdough' }),
    said('ann', 'purchase_completed', 1, { amount: 300, currency: 'USD', order_id: 'o-1' }),
    traits('ann', { email: 'ann@example.com', firstName: 'Ann', plan: 'Pro', seats: 12, trial: false, referral_code: 'R-1' }),
    register('ben', 40),
    said('ben', 'video_progress', 30, { watch_percentage: 5, video_id: 'rye' }),
    traits('ben', { email: 'ben@example.com', firstName: 'Ben', plan: 'free', seats: '3', age: 41 }),
    register('cem', 3),
    { ...said('cem', 'video_progress', 1), context: { userAgent: 'Googlebot/2.1' } },
  ]
  const payload = batch(...messages)
  const answer = await fresh.app.inject({ method: 'POST', url: '/v1/batch', payload, headers: basic(fresh.write_key) })
  expect(answer.json()).toEqual({ success: true })
  await ask('POST', '/contacts', { email: 'dora@example.com' })
  for (const name of ['ann', 'ben', 'cem', 'dora'])
    ids[name] = (await ask<{ data: Contact[] }>('GET', `/contacts?email=${name}@example.com`)).data[0]!.id
  const lead = await ask<{ id: number }>('POST', '/leads', { contact_id: ids.ben, lead_type: 'solar' })
  await ask('POST', `/leads/${lead.id}/status`, { status: 'lost' })
})

const { ask } = asking(() => fresh)

async function whoFits(rule: Rule): Promise<string> {
  const { contact_count, is_estimate, contacts } = await ask<SegmentPreview>('POST', '/segments/preview', { rule })
  const found = contacts.map(contact => contact.email!.split('@')[0])
  expect([contact_count, is_estimate]).toEqual([found.length, false])
  return found.sort().join(' ')
}

const RULES: [sentence: string, rule: Rule, who: string][] = [
  ['a field equals, whatever the case', { kind: 'property', name: 'first_name', is: 'equals', value: 'ANN' }, 'ann'],
  [
    'a field is not, also where it is not known',
    { kind: 'property', name: 'first_name', is: 'is_not', value: 'ann' },
    'ben cem dora',
  ],
  ['a field contains', { kind: 'property', name: 'email', is: 'contains', value: 'EN@' }, 'ben'],
  ['a sign of patterns is a letter like any', { kind: 'property', name: 'email', is: 'contains', value: '%' }, ''],
  ['a field is set', { kind: 'property', name: 'first_name', is: 'is_set' }, 'ann ben'],
  ['a field is not set', { kind: 'property', name: 'first_name', is: 'is_not_set' }, 'cem dora'],
  ['a number is greater', { kind: 'property', name: 'watch_percentage', is: 'greater', value: 4 }, 'ann ben'],
  ['a number equals', { kind: 'property', name: 'age', is: 'equals', value: 41 }, 'ben'],
  ['a number is less, and what is unknown is not', { kind: 'property', name: 'age', is: 'less', value: 50 }, 'ben'],
  ['a number is not known', { kind: 'property', name: 'age', is: 'is_not_set' }, 'ann cem dora'],
  ['a time is later', { kind: 'property', name: 'registered_at', is: 'greater', value: ago(10) }, 'cem'],
  [
    'a time is earlier, of a day alone',
    { kind: 'property', name: 'registered_at', is: 'less', value: ago(10).slice(0, 10) },
    'ann ben',
  ],
  ['a property of one’s own', { kind: 'property', name: 'plan', is: 'equals', value: 'pro' }, 'ann'],
  ['a number of one’s own, also written as text', { kind: 'property', name: 'seats', is: 'greater', value: 2 }, 'ann ben'],
  ['a number of one’s own is compared as a number', { kind: 'property', name: 'seats', is: 'less', value: 5 }, 'ben'],
  ['a property that is false is set', { kind: 'property', name: 'trial', is: 'is_set' }, 'ann'],
  ['a property that nobody has', { kind: 'property', name: "o'clock\\", is: 'is_set' }, ''],
  ['a referral code that somebody typed', { kind: 'property', name: 'referral_code', is: 'equals', value: 'r-1' }, 'ann'],
  ['did, and bots do nothing', { kind: 'event', event: 'video_progress', did: 'did' }, 'ann ben'],
  ['did not', { kind: 'event', event: 'video_progress', did: 'did_not' }, 'cem dora'],
  ['did at least twice', { kind: 'event', event: 'video_progress', did: 'did', at_least: 2 }, 'ann'],
  ['did less than twice', { kind: 'event', event: 'video_progress', did: 'did_not', at_least: 2 }, 'ben cem dora'],
  ['did within the last days', { kind: 'event', event: 'video_progress', did: 'did', within_days: 10 }, 'ann'],
  ['did not within the last days', { kind: 'event', event: 'registration', did: 'did_not', within_days: 10 }, 'ann ben dora'],
  ['did before a day', { kind: 'event', event: 'video_progress', did: 'did', until: ago(20) }, 'ben'],
  ['did it for the first time since', { kind: 'event', event: 'registration', did: 'first', since: ago(10) }, 'cem'],
  ['did it for the first time before', { kind: 'event', event: 'registration', did: 'first', until: ago(10) }, 'ann ben'],
  ['did it for the last time before', { kind: 'event', event: 'video_progress', did: 'last', until: ago(2.5) }, 'ben'],
  ['did it for the last time within', { kind: 'event', event: 'video_progress', did: 'last', within_days: 5 }, 'ann'],
  ['did with a property', { kind: 'event', event: 'video_progress', did: 'did', property: 'video_id', value: 'rye' }, 'ben'],
  [
    'did not with a property',
    { kind: 'event', event: 'video_progress', did: 'did_not', property: 'video_id', value: 'rye' },
    'ann cem dora',
  ],
  ['an event that nobody heard of', { kind: 'event', event: 'danced', did: 'did' }, ''],
  ['in a segment', { kind: 'segment', segment: 'hot' }, 'ann'],
  ['a no-show', { kind: 'segment', segment: 'no_show' }, 'cem'],
  ['a no-show for long enough', { kind: 'segment', segment: 'no_show', for_hours: 47 }, 'cem'],
  ['not for long enough', { kind: 'segment', segment: 'no_show', for_hours: 49 }, ''],
  ['in a stage', { kind: 'stage', stage: 'engaged' }, 'ben'],
  ['in a stage or a later one', { kind: 'stage', stage: 'engaged', or_later: true }, 'ann ben'],
  ['has a lead', { kind: 'lead', has: true }, 'ben'],
  ['has no lead', { kind: 'lead', has: false }, 'ann cem dora'],
  ['has a lead that was lost', { kind: 'lead', has: true, status: 'lost' }, 'ben'],
  ['has no lead that is open', { kind: 'lead', has: false, status: 'open' }, 'ann ben cem dora'],
  ['converted', { kind: 'conversion', has: true }, 'ann'],
  ['did not convert', { kind: 'conversion', has: false }, 'ben cem dora'],
  ['bought for so much', { kind: 'conversion', has: true, value_at_least: 300 }, 'ann'],
  ['did not buy for so much', { kind: 'conversion', has: false, value_at_least: 301 }, 'ann ben cem dora'],
  [
    'all of them',
    {
      all: [
        { kind: 'stage', stage: 'engaged', or_later: true },
        { kind: 'lead', has: true },
      ],
    },
    'ben',
  ],
  [
    'any of them',
    {
      any: [
        { kind: 'segment', segment: 'hot' },
        { kind: 'lead', has: true },
      ],
    },
    'ann ben',
  ],
  [
    'not',
    {
      not: {
        any: [
          { kind: 'segment', segment: 'hot' },
          { kind: 'lead', has: true },
        ],
      },
    },
    'cem dora',
  ],
  ['not, of what is unknown', { not: { kind: 'property', name: 'age', is: 'greater', value: 1 } }, 'ann cem dora'],
]

test.each(RULES)('%s', async (_, rule, who) => {
  expect(await whoFits(rule)).toBe(who)
})

const stage = { kind: 'stage', stage: 'lead' }
const deep = (levels: number): object => (levels === 0 ? stage : { not: deep(levels - 1) })
const MISTAKES: [rule: unknown, fields: Record<string, unknown>][] = [
  [{ kind: 'stage' }, { 'rule.stage': 'is required' }],
  [
    { all: [stage, { kind: 'event', event: 'x', did: 'did', within_days: 'few' }] },
    { 'rule.all.1.within_days': 'must be integer' },
  ],
  [{ not: { any: [stage, { kind: 'dance' }] } }, { 'rule.not.any.1.kind': expect.stringContaining('must be one of property') }],
  [{ all: [] }, { 'rule.all': 'must have at least one rule' }],
  [{ any: 'x' }, { 'rule.any': 'must be a list of rules' }],
  [{ all: [stage], kind: 'stage' }, { rule: 'must have nothing beside all' }],
  [{ all: [null] }, { 'rule.all.0': 'must be a rule' }],
  [{ ...stage, more: 1 }, { 'rule.more': 'is not known here' }],
  [{ kind: 'property', name: 'age', is: 'greater', value: 'many' }, { 'rule.value': 'must be a number' }],
  [{ kind: 'property', name: 'plan', is: 'equals' }, { 'rule.value': 'is required: what to compare with' }],
  [
    { kind: 'property', name: 'created_at', is: 'less', value: 'soon' },
    { 'rule.value': expect.stringContaining('must be a time') },
  ],
  [{ kind: 'event', event: 'x', did: 'first' }, { 'rule.within_days': expect.stringContaining('is required') }],
  [{ kind: 'event', event: 'x', did: 'did', value: 1 }, { 'rule.property': expect.stringContaining('is required') }],
  [deep(6), { 'rule.not.not.not.not.not': 'is too deep: at most 5 levels' }],
  [{ all: [{ any: Array(16).fill(stage) }, { any: Array(15).fill(stage) }] }, { rule: 'must have at most 30 conditions' }],
]

test.each(MISTAKES)('a rule that is wrong is refused with its place: %j', async (rule, fields) => {
  const headers = bearer(fresh.secret_key)
  const answer = await fresh.app.inject({ method: 'POST', url: '/api/v1/segments/preview', payload: { rule }, headers })
  expect(answer.json()).toMatchObject({ error: { code: 'invalid_fields', fields } })
})

test('what would take too long to count is estimated from a sample, which asks the same', async () => {
  const rules = RULES.filter(([, rule]) => 'kind' in rule && (rule.kind === 'event' || rule.kind === 'lead'))
  expect(rules.length).toBeGreaterThan(10)
  for (const [sentence, rule, who] of rules) {
    const found = await inWorkspace(fresh.database, fresh.workspace_id, sql =>
      previewRule(sql, fresh.workspace_id, rule, { exact_ms: 0 }),
    )
    expect(found.is_estimate).toBe(true)
    expect(found.contact_count, sentence).toBe(who.split(' ').filter(Boolean).length)
  }
})

test('as many levels as there may be are understood', async () => {
  expect(await whoFits(deep(5) as Rule)).toBe('ann ben')
})

test('a day that its month does not have breaks nothing', async () => {
  for (const value of ['2026-02-31T10:00:00Z', '2026-02-30'])
    expect(await whoFits({ kind: 'property', name: 'created_at', is: 'greater', value })).toBe('ann ben cem dora')
  expect(await whoFits({ kind: 'event', event: 'registration', did: 'did', until: '2026-02-31T10:00:00Z' })).toBe('')
})
