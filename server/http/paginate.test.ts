import { expect, test } from 'vitest'
import { pageOf, readCursor, writeCursor } from './paginate.ts'

const AT = '2026-01-31T09:30:00.123456Z'

test('gives back what was written into a cursor', () => {
  expect(readCursor(writeCursor([AT, 7]), 'time', 'integer')).toEqual([AT, 7])
  expect(readCursor(writeCursor([null, 7]), 'time or null', 'integer')).toEqual([null, 7])
  expect(readCursor(undefined, 'integer')).toBeUndefined()
})

test('refuses every cursor that this list did not give out', () => {
  const wrong = [
    '',
    'nonsense',
    writeCursor([]),
    writeCursor([AT]),
    writeCursor([AT, 1.5]),
    writeCursor([7, AT]),
    writeCursor([null, 7]),
    writeCursor(["2026-01-31'; drop table contacts; --", 7]),
    Buffer.from('{"0":1}').toString('base64url'),
  ]
  for (const cursor of wrong) expect(() => readCursor(cursor, 'time', 'integer'), cursor).toThrow('The cursor is not one')
})

test('cuts the one row too many and points to the last that is shown', () => {
  const rows = [{ id: 3 }, { id: 2 }, { id: 1 }]
  const page = pageOf(rows, 2, row => [row.id])
  expect(page.data).toEqual([{ id: 3 }, { id: 2 }])
  expect(readCursor(page.next_cursor!, 'integer')).toEqual([2])
  expect(pageOf(rows, 3, row => [row.id]).next_cursor).toBeNull()
  expect(pageOf([], 3, () => []).next_cursor).toBeNull()
})
