import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EVENT_REFUSALS } from './incoming.ts'

test('docs/api/collect.md lists every reason why an event is refused, in the same words', () => {
  const text = readFileSync('docs/api/collect.md', 'utf8')
  const rows = Object.entries(EVENT_REFUSALS).map(([code, sentence]) => `| \`${code}\` | ${sentence} |`)
  expect(rows.filter(row => !text.includes(row))).toEqual([])
})
