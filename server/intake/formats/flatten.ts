import type { Field, Fields } from './format.ts'

/** More keys than this are no lead; the rest is left in the delivery. */
const MOST_KEYS = 1000
const DEEPEST = 20

/**
 * One level of keys: those of nested objects are joined by dots. Lists of `{name, value}` pairs, in which form services put their answers,
 * become keys as well; other lists of objects are numbered, and lists of plain values stay lists.
 */
export function flatten(value: unknown): Fields {
  const entries: [string, Field][] = []
  walk(value, '', entries, 0)
  return Object.fromEntries(entries)
}

function walk(value: unknown, at: string, entries: [string, Field][], depth: number) {
  if (entries.length >= MOST_KEYS) return
  if (typeof value !== 'object' || value === null) {
    if (at !== '') entries.push([at, value as string | number | boolean | null])
    return
  }
  if (depth >= DEEPEST) {
    entries.push([at, JSON.stringify(value)])
    return
  }
  if (Array.isArray(value)) return walkList(value, at, entries, depth)
  for (const [key, inner] of Object.entries(value)) walk(inner, at === '' ? key : `${at}.${key}`, entries, depth + 1)
}

function walkList(list: unknown[], at: string, entries: [string, Field][], depth: number) {
  if (list.every(item => typeof item !== 'object' || item === null)) {
    entries.push([at, list.filter(item => item !== null).map(String)])
    return
  }
  list.forEach((item, k) => {
    const pair = pairOf(item)
    if (pair) walk(pair[1], `${at}.${pair[0]}`, entries, depth + 1)
    else walk(item, `${at}.${k}`, entries, depth + 1)
  })
}

const NAMES = ['name', 'key', 'field', 'label', 'question', 'ref']
const VALUES = ['value', 'values', 'answer', 'string_value']

function pairOf(item: unknown): [string, unknown] | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined
  const bag = item as Record<string, unknown>
  const name = NAMES.map(key => bag[key]).find(one => typeof one === 'string' && one !== '')
  const value = VALUES.find(key => Object.hasOwn(bag, key))
  return name === undefined || value === undefined ? undefined : [name as string, bag[value]]
}
