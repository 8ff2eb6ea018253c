import { randomId } from '@mantine/hooks'
import type { IntakeFilter } from '../../../../shared/intake.ts'

export type FilterTest = IntakeFilter['test']

/** A filter as its row has it: what was typed for one test is still there after looking at another. */
export type FilterRow = { key: string; field: string; test: FilterTest; value: string; list: string[] }

export const TESTS: Record<FilterTest, string> = {
  is: 'is',
  is_not: 'is not',
  in: 'is one of',
  not_in: 'is none of',
  contains: 'contains',
  begins: 'begins with',
  exists: 'is there',
  exists_not: 'is not there',
  at_least: 'is at least',
  at_most: 'is at most',
}

export const newFilter = (): FilterRow => ({ key: randomId(), field: '', test: 'is', value: '', list: [] })

export const takesList = (test: FilterTest) => test === 'in' || test === 'not_in'
export const takesValue = (test: FilterTest) => test !== 'exists' && test !== 'exists_not' && !takesList(test)
export const takesNumber = (test: FilterTest) => test === 'at_least' || test === 'at_most'

export function rowsOf(filters: IntakeFilter[]): FilterRow[] {
  return filters.map(({ field, test, value }) => ({
    ...newFilter(),
    field,
    test,
    ...(Array.isArray(value) ? { list: value } : { value: value === undefined ? '' : String(value) }),
  }))
}

/** Rows without a field are left out. */
export function filtersOf(rows: FilterRow[]): IntakeFilter[] {
  return rows.filter(({ field }) => field).map(filterOf)
}

function filterOf({ field, test, value, list }: FilterRow): IntakeFilter {
  if (takesList(test)) return { field, test, value: list }
  if (!takesValue(test)) return { field, test }
  const text = value.trim()
  if (takesNumber(test) && text !== '' && Number.isFinite(Number(text))) return { field, test, value: Number(text) }
  return { field, test, ...(text !== '' && { value: text }) }
}

/** The same row with another test, and with what was typed for the one before where it fits. */
export function withTest(row: FilterRow, test: FilterTest): FilterRow {
  if (takesList(test) && !row.list.length && row.value.trim()) return { ...row, test, list: [row.value.trim()] }
  if (takesValue(test) && !row.value && row.list[0]) return { ...row, test, value: row.list[0] }
  return { ...row, test }
}

/** Whom a filter leaves out, in a sentence; undefined while something is missing. `label`: what people call the field. */
export function filterWords({ field, test, value, list }: FilterRow, label: string): string | undefined {
  if (!field || (takesValue(test) && !value.trim()) || (takesList(test) && !list.length)) return undefined
  const listed = list.map(one => `“${one}”`).join(', ')
  const said = {
    is: `whose ${label} is not “${value}”, or is not there`,
    is_not: `whose ${label} is “${value}”`,
    in: `whose ${label} is none of ${listed}, or is not there`,
    not_in: `whose ${label} is one of ${listed}`,
    contains: `whose ${label} does not contain “${value}”, or is not there`,
    begins: `whose ${label} does not begin with “${value}”, or is not there`,
    exists: `without ${label}`,
    exists_not: `with ${label}`,
    at_least: `whose ${label} is less than ${value}, no number, or not there`,
    at_most: `whose ${label} is more than ${value}, no number, or not there`,
  }
  return `Leaves out leads ${said[test]}.`
}

/** What the server said of filters, at the rows where they stand: it counts without those that have no field. */
export function errorsOfFilters(said: Record<string, string>, rows: FilterRow[]): Record<string, string> {
  const sent = rows.flatMap(({ field }, index) => (field ? [index] : []))
  return Object.fromEntries(
    Object.entries(said).map(([name, sentence]) => {
      const at = /^filters\.(\d+)(?:\.(\w+))?/.exec(name)
      return at
        ? [`filters.${sent[Number(at[1])] ?? at[1]}.${at[2] === 'field' ? 'field' : 'value'}`, sentence]
        : [name, sentence]
    }),
  )
}
