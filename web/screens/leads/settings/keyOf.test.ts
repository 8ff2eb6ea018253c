import { expect, test } from 'vitest'
import { fieldKeyOf, keyOf } from './keyOf.ts'

test('makes a key of a name that people wrote', () => {
  expect(['Roof age (years)', '  Énergie solaire ', '24/7', '???'].map(keyOf)).toEqual([
    'roof_age_years',
    'energie_solaire',
    '24_7',
    '',
  ])
})

test('a field begins with a letter, and no two of a type have one key', () => {
  expect(fieldKeyOf('24 hours', [])).toBe('f_24_hours')
  expect(fieldKeyOf('Age', ['age', 'age_2'])).toBe('age_3')
})
