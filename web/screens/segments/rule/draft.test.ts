import { expect, test } from 'vitest'
import type { Rule } from '../../../../shared/segments.ts'
import { draftOf, type Group, newGroup, ruleOf } from './draft.ts'

const lead: Rule = { kind: 'stage', stage: 'lead' }
const hot: Rule = { kind: 'segment', segment: 'hot' }

/** Without the keys, which are only for the screen. */
function bare(group: Group): unknown {
  return { [group.match]: group.parts.map(part => ('leaf' in part ? part.leaf : bare(part))) }
}

test('a rule that was read is written as it was, and what stands alone gets a group', () => {
  const rules: Rule[] = [
    { all: [lead, { any: [hot, lead] }] },
    { not: { any: [lead, hot] } },
    { any: [{ not: { any: [lead] } }] },
  ]
  for (const rule of rules) expect(ruleOf(draftOf(rule))).toEqual(rule)
  expect(ruleOf(draftOf(lead))).toEqual({ all: [lead] })
})

test('what is not so is none of a group', () => {
  expect(bare(draftOf({ not: lead }))).toEqual({ none: [lead] })
  expect(bare(draftOf({ not: { all: [lead, hot] } }))).toEqual({ none: [{ all: [lead, hot] }] })
})

test('a condition that is half written makes no rule yet', () => {
  expect(ruleOf(newGroup())).toBeUndefined()
  expect(ruleOf(newGroup({ kind: 'event', event: 'clicked', did: 'first' }))).toBeUndefined()
  expect(ruleOf(newGroup({ kind: 'event', event: 'clicked', did: 'did', since: '' }))).toBeUndefined()
  expect(ruleOf(newGroup({ kind: 'property', name: 'city', is: 'equals', value: '' }))).toBeUndefined()
  expect(ruleOf(newGroup({ kind: 'tag', has: true, tag_id: 0 }))).toBeUndefined()
  expect(ruleOf(newGroup({ kind: 'property', name: 'city', is: 'is_set' }))).toEqual({
    all: [{ kind: 'property', name: 'city', is: 'is_set' }],
  })
  expect(ruleOf({ key: 1, match: 'all', parts: [] })).toBeUndefined()
})
