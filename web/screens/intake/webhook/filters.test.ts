import { expect, test } from 'vitest'
import type { IntakeFilter } from '../../../../shared/intake.ts'
import { errorsOfFilters, filtersOf, filterWords, newFilter, rowsOf, withTest } from './filters.ts'

const FILTERS: IntakeFilter[] = [
  { field: 'state', test: 'in', value: ['CA', 'NV'] },
  { field: 'fields.average_bill', test: 'at_least', value: 100 },
  { field: 'phone', test: 'exists' },
  { field: 'city', test: 'is_not', value: 'Reno' },
]

test('filters that are stored are the same when they are saved unchanged', () => {
  expect(filtersOf(rowsOf(FILTERS))).toEqual(FILTERS)
})

test("a row without a field is left out, and an amount as people write it is the server's to read", () => {
  expect(filtersOf([newFilter(), { ...newFilter(), field: 'age', test: 'at_most', value: ' 80 ' }])).toEqual([
    { field: 'age', test: 'at_most', value: 80 },
  ])
  expect(filtersOf([{ ...newFilter(), field: 'bill', test: 'at_least', value: '$1,200' }])).toEqual([
    { field: 'bill', test: 'at_least', value: '$1,200' },
  ])
})

test('a list made of a value keeps it, and so does a value made of a list', () => {
  const row = { ...newFilter(), field: 'state', value: 'CA' }
  expect(withTest(row, 'in')).toMatchObject({ test: 'in', list: ['CA'] })
  expect(withTest({ ...row, value: '', list: ['NV', 'CA'] }, 'is')).toMatchObject({ test: 'is', value: 'NV' })
})

test('each says whom it leaves out, and nothing while something is missing', () => {
  const words = rowsOf(FILTERS).map(row => filterWords(row, 'X'))
  expect(words).toEqual([
    'Leaves out leads whose X is none of “CA”, “NV”, or is not there.',
    'Leaves out leads whose X is less than 100, no number, or not there.',
    'Leaves out leads without X.',
    'Leaves out leads whose X is “Reno”.',
  ])
  expect(filterWords({ ...newFilter(), field: 'state' }, 'State')).toBeUndefined()
  expect(filterWords({ ...newFilter(), field: 'state', test: 'in' }, 'State')).toBeUndefined()
})

test('what the server says of a filter stands at its row, also behind one that was left empty', () => {
  const rows = [newFilter(), ...rowsOf(FILTERS)]
  expect(errorsOfFilters({ 'filters.1': 'needs a number', allowed_ips: 'is wrong' }, rows)).toEqual({
    'filters.2.value': 'needs a number',
    allowed_ips: 'is wrong',
  })
})
