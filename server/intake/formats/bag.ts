import { readJson } from './json.ts'

export type Bag = Record<string, unknown>

/** The object that a body is, or undefined. */
export function readBag(body: Buffer): Bag | undefined {
  return asBag(readJson(body))
}

export function asBag(value: unknown): Bag | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : undefined
}

/** The objects of a list; what is no list has none. */
export function bagsOf(value: unknown): Bag[] {
  return Array.isArray(value) ? value.map(asBag).filter(item => item !== undefined) : []
}

/** Text or a number, as text; undefined for anything else and for nothing. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' ? String(value) : ''
  return text.trim() === '' ? undefined : text
}

/** What has a value. */
export function withoutNothing<T extends Bag>(bag: T): Record<string, NonNullable<T[keyof T]>> {
  return Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== undefined && value !== null)) as Record<
    string,
    NonNullable<T[keyof T]>
  >
}
