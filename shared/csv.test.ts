import { expect, test } from 'vitest'
import { csvOf, unguarded } from './csv.ts'

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

test('every text comes back as it was, whatever apostrophes and signs it begins with', () => {
  const texts = ['+15551234567', '=1+1', "'=1", "''@x", '-5', "'quoted'", '＝1', "'", '', 'plain', '\tx', '\n=1']
  for (const text of texts) {
    const [cell = ''] = csvOf([[text]]).split(/\r\n$/)
    const written = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
    expect(written).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
    expect(unguarded(written)).toBe(text)
  }
})
