import type { FieldOperator } from '../../../../shared/custom-fields.ts'
import type { EventRule, Leaf, PropertyRule, Rule } from '../../../../shared/segments.ts'
import type { Tag } from '../../../../shared/tags.ts'
import { count } from '../../../ui/numbers.ts'
import { moment } from '../../../ui/times.ts'
import { SEGMENTS, STAGES } from '../../contacts/stages.tsx'

export const PROPERTY_WORDS: Record<PropertyRule['is'], string> = {
  equals: 'is',
  is_not: 'is not',
  contains: 'contains',
  greater: 'is more than',
  less: 'is less than',
  is_set: 'is known',
  is_not_set: 'is not known',
}

export const FIELD_WORDS: Record<FieldOperator, string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  greater: 'is more than',
  less: 'is less than',
  before: 'is before',
  after: 'is after',
  empty: 'is empty',
}

export const EVENT_WORDS: Record<EventRule['did'], string> = {
  did: 'Did',
  did_not: 'Did not',
  first: 'First did',
  last: 'Last did',
}

export const LEAD_WORDS = {
  'has any': 'Has a lead',
  'has open': 'Has an open lead',
  'has won': 'Has a lead that was won',
  'has lost': 'Has a lead that was lost',
  'not any': 'Has no lead',
  'not open': 'Has no open lead',
  'not won': 'Has no lead that was won',
  'not lost': 'Has no lead that was lost',
} as const

/** A rule as one sentence, for a line in a list. `tags`: all there are, once they are known. */
export function sentenceOf(rule: Rule, tags: Tag[] | undefined): string {
  if ('kind' in rule) return wordsOf(rule, tags)
  if ('not' in rule) return `not (${sentenceOf(rule.not, tags)})`
  const [rules, word] = 'all' in rule ? [rule.all, ' and '] : [rule.any, ' or ']
  return rules.map(part => ('kind' in part ? wordsOf(part, tags) : `(${sentenceOf(part, tags)})`)).join(word)
}

function wordsOf(leaf: Leaf, tags: Tag[] | undefined): string {
  switch (leaf.kind) {
    case 'property':
      return [leaf.name, PROPERTY_WORDS[leaf.is], leaf.value].filter(part => part !== undefined).join(' ')
    case 'field':
      if (leaf.is === 'empty') return `${leaf.field} is ${leaf.value === false ? 'not ' : ''}empty`
      return [leaf.field, FIELD_WORDS[leaf.is], leaf.value, leaf.currency].filter(part => part !== undefined).join(' ')
    case 'event':
      return [EVENT_WORDS[leaf.did].toLowerCase(), leaf.event, ofProperty(leaf), often(leaf), when(leaf)]
        .filter(Boolean)
        .join(' ')
    case 'segment':
      return `${SEGMENTS[leaf.segment].label.toLowerCase()}${leaf.for_hours ? ` for ${count(leaf.for_hours, 'hour')} or longer` : ''}`
    case 'stage': {
      const label = STAGES.find(({ value }) => value === leaf.stage)?.label ?? leaf.stage
      return `stage ${label.toLowerCase()}${leaf.or_later ? ' or later' : ''}`
    }
    case 'lead':
      return LEAD_WORDS[`${leaf.has ? 'has' : 'not'} ${leaf.status ?? 'any'}`].toLowerCase()
    case 'tag': {
      const tag = tags?.find(({ id }) => id === leaf.tag_id)
      const name = tag ? `the tag ${tag.name}` : tags ? 'a tag that was deleted' : 'a tag'
      return `${leaf.has ? 'has' : 'does not have'} ${name}`
    }
    case 'conversion':
      return `${leaf.has ? 'converted' : 'did not convert'}${leaf.value_at_least ? ` for ${leaf.value_at_least} or more` : ''}`
  }
}

const ofProperty = ({ property, value }: EventRule) => property && `with ${property} ${value}`
const often = ({ at_least = 1 }: EventRule) => at_least > 1 && `${at_least} times or more`

function when({ within_days, since, until }: EventRule) {
  if (within_days) return `in the last ${count(within_days, 'day')}`
  return [since && `since ${moment(since)}`, until && `before ${moment(until)}`].filter(Boolean).join(' and ')
}
