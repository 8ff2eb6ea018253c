import { expect, test } from 'vitest'
import { readIds } from './readIds.ts'

test('reads who and which id, whatever stands between them, and leaves the heading and empty lines out', () => {
  const text = '\uFEFFemail,nationbuilder_id\r\nsarah@example.com,17\r\n\r\n"john@example.com";"18"\n100001\t19\nuser-7, a-20\n'
  expect(readIds(text)).toEqual({
    lines: [
      { line: 2, link: { email: 'sarah@example.com', external_id: '17' } },
      { line: 4, link: { email: 'john@example.com', external_id: '18' } },
      { line: 5, link: { contact_id: 100001, external_id: '19' } },
      { line: 6, link: { user_id: 'user-7', external_id: 'a-20' } },
    ],
    refused: [],
  })
})

test('says which line lacks something', () => {
  expect(readIds('sarah@example.com\n,18')).toEqual({
    lines: [],
    refused: [
      { line: 1, text: 'sarah@example.com', message: 'has no id' },
      { line: 2, text: ',18', message: 'names nobody' },
    ],
  })
})
