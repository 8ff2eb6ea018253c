import type { IntakeFilter } from '../../shared/intake.ts'
import { readNumber } from '../leads/values.ts'
import type { Mapped } from './mapping.ts'

/** The first condition that a lead does not meet, or undefined. Texts are compared as people read them: case makes no difference. */
export function failedFilter(filters: readonly IntakeFilter[], lead: Mapped): IntakeFilter | undefined {
  return filters.find(filter => !meets(filter, said(lead, filter.field)))
}

/** What is wrong with a condition, in a sentence, or undefined. */
export function judgeFilter({ test, value }: IntakeFilter): string | undefined {
  if (test === 'exists' || test === 'exists_not') return undefined
  if (test === 'in' || test === 'not_in') return Array.isArray(value) ? undefined : 'needs a list as its value'
  if (test === 'at_least' || test === 'at_most')
    return readNumber(value) === undefined ? 'needs a number as its value' : undefined
  return value === undefined || Array.isArray(value) ? 'needs a value' : undefined
}

function meets({ test, value }: IntakeFilter, given: string | undefined): boolean {
  if (test === 'exists') return given !== undefined
  if (test === 'exists_not') return given === undefined
  if (test === 'is_not') return given !== textOf(value)
  if (test === 'not_in') return given === undefined || !listOf(value).includes(given)
  if (given === undefined) return false
  if (test === 'is') return given === textOf(value)
  if (test === 'in') return listOf(value).includes(given)
  if (test === 'contains') return given.includes(textOf(value))
  if (test === 'begins') return given.startsWith(textOf(value))
  const [number = Number.NaN, bound = Number.NaN] = [readNumber(given), readNumber(value)]
  return test === 'at_least' ? number >= bound : number <= bound
}

function said({ values, fields }: Mapped, field: string): string | undefined {
  const name = field.replace(/^fields\./, '')
  const found =
    field === name && Object.hasOwn(values, name) ? values[name] : Object.hasOwn(fields, name) ? fields[name] : undefined
  return found === undefined || found === null ? undefined : textOf(found)
}

function listOf(value: unknown) {
  return Array.isArray(value) ? value.map(textOf) : []
}

function textOf(value: unknown) {
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).trim().toLowerCase()
}
