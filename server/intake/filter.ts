import type { IntakeFilter } from '../../shared/intake.ts'
import { readBoolean, readNumber } from '../fields/values.ts'
import type { Mapped } from './mapping.ts'

/** The first condition that a lead does not meet, or undefined. Texts are compared as people read them: case makes no difference. */
export function failedFilter(filters: readonly IntakeFilter[], lead: Mapped): IntakeFilter | undefined {
  return filters.find(filter => !meets(filter, foundIn(lead, filter.field)))
}

/** What is wrong with a condition, in a sentence, or undefined. */
export function judgeFilter({ test, value }: IntakeFilter): string | undefined {
  if (test === 'exists' || test === 'exists_not') return undefined
  if (test === 'in' || test === 'not_in') return Array.isArray(value) ? undefined : 'needs a list as its value'
  if (test === 'at_least' || test === 'at_most')
    return readNumber(value) === undefined ? 'needs a number as its value' : undefined
  return value === undefined || Array.isArray(value) ? 'needs a value' : undefined
}

function meets({ test, value }: IntakeFilter, found: Found): boolean {
  if (test === 'exists') return found !== undefined
  if (test === 'exists_not') return found === undefined
  if (test === 'is_not') return found === undefined || !same(found, value)
  if (test === 'not_in') return found === undefined || !listOf(value).some(one => same(found, one))
  if (found === undefined) return false
  if (test === 'is') return same(found, value)
  if (test === 'in') return listOf(value).some(one => same(found, one))
  if (test === 'contains') return textOf(found).includes(textOf(value))
  if (test === 'begins') return textOf(found).startsWith(textOf(value))
  const [number = Number.NaN, bound = Number.NaN] = [readNumber(found), readNumber(value)]
  return test === 'at_least' ? number >= bound : number <= bound
}

type Found = string | number | boolean | object | undefined

function foundIn({ values, fields }: Mapped, field: string): Found {
  const name = field.replace(/^fields\./, '')
  const found =
    field === name && Object.hasOwn(values, name) ? values[name] : Object.hasOwn(fields, name) ? fields[name] : undefined
  return found ?? undefined
}

/** An answer is the same however it is written: yes, true, 1. */
function same(found: NonNullable<Found>, value: unknown) {
  return typeof found === 'boolean' ? readBoolean(value) === found : textOf(found) === textOf(value)
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown) {
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).trim().toLowerCase()
}
