import type { Leaf, Rule } from '../../../../shared/segments.ts'

/** A rule as it is edited: groups of conditions, each of which may be half written. `key` names a part for as long as it is there. */
export type Group = { key: number; match: 'all' | 'any' | 'none'; parts: Part[] }
export type Part = Group | Condition
export type Condition = { key: number; leaf: Leaf }

let last_key = 0
const newKey = () => ++last_key

export const FIRST: Leaf = { kind: 'event', event: '', did: 'did' }

export function newGroup(leaf: Leaf = FIRST): Group {
  return { key: newKey(), match: 'all', parts: [newCondition(leaf)] }
}

export function newCondition(leaf: Leaf = FIRST): Condition {
  return { key: newKey(), leaf }
}

/** The outermost is always a group. */
export function draftOf(rule: Rule): Group {
  const part = partOf(rule)
  return 'leaf' in part ? { key: newKey(), match: 'all', parts: [part] } : part
}

function partOf(rule: Rule): Part {
  const key = newKey()
  if ('kind' in rule) return { key, leaf: rule }
  if ('all' in rule) return { key, match: 'all', parts: rule.all.map(partOf) }
  if ('any' in rule) return { key, match: 'any', parts: rule.any.map(partOf) }
  const inner = partOf(rule.not)
  return 'match' in inner && inner.match === 'any' ? { ...inner, match: 'none' } : { key, match: 'none', parts: [inner] }
}

/** Undefined while a condition is half written, or a group is empty. */
export function ruleOf(group: Group): Rule | undefined {
  const rules = group.parts.map(part => ('leaf' in part ? complete(part.leaf) : ruleOf(part)))
  if (rules.length === 0 || rules.includes(undefined)) return undefined
  const known = rules as Rule[]
  if (group.match === 'none') return { not: { any: known } }
  return group.match === 'all' ? { all: known } : { any: known }
}

function complete(leaf: Leaf): Leaf | undefined {
  if (leaf.kind === 'property') {
    const asks_value = leaf.is !== 'is_set' && leaf.is !== 'is_not_set'
    return leaf.name && (!asks_value || (leaf.value ?? '') !== '') ? leaf : undefined
  }
  if (leaf.kind === 'event') {
    const asks_when = leaf.did === 'first' || leaf.did === 'last'
    if (!leaf.event || (asks_when && leaf.within_days === undefined && !leaf.since && !leaf.until)) return undefined
    if (leaf.since === '' || leaf.until === '') return undefined
    return leaf.property !== undefined && (!leaf.property || (leaf.value ?? '') === '') ? undefined : leaf
  }
  if (leaf.kind === 'field') return leaf.field && (leaf.value ?? '') !== '' ? leaf : undefined
  if (leaf.kind === 'tag') return leaf.tag_id ? leaf : undefined
  return leaf
}
