import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test('quotes what has commas, quotes and lines, and leaves numbers as they are', () => {
  expect(
    csvOf([
      ['Source', 'Leads'],
      ['say "hi", twice', 12.5],
      ['two\nlines', null],
    ]),
  ).toBe('Source,Leads\r\n"say ""hi"", twice",12.5\r\n"two\nlines",\r\n')
})

test('takes the sting out of what a spreadsheet would run, and leaves negative numbers alone', () => {
  expect(csvOf([['=cmd|calc', '@x', '+1', '-1', -1]])).toBe("'=cmd|calc,'@x,'+1,'-1,-1\r\n")
})
