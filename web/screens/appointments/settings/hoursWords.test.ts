import { expect, test } from 'vitest'
import { hoursWords, USUAL_HOURS } from './hoursWords.ts'

test('days in a row with the same hours are said together', () => {
  expect(hoursWords(USUAL_HOURS)).toBe('Mon to Fri 09:00–17:00')
  expect(
    hoursWords([
      { weekday: 6, opens: '10:00', closes: '12:00' },
      { weekday: 7, opens: '10:00', closes: '12:00' },
      { weekday: 1, opens: '13:00', closes: '17:00' },
      { weekday: 1, opens: '08:00', closes: '12:00' },
    ]),
  ).toBe('Mon 08:00–12:00, 13:00–17:00; Sat, Sun 10:00–12:00')
  expect(hoursWords([])).toBe('')
})
