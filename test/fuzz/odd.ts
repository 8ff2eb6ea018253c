import type { Chance } from '../seeded.ts'

/** Values as JSON text, because half of them no object can hold: what clients send by mistake, and what attackers send on purpose. */
export function oddJson(chance: Chance): string {
  if (chance.happens(0.02)) return nested(chance.pick([33, 1000, 100_000]), chance.pick(['[', '{"a":']))
  if (chance.happens(0.02)) return `"${'x'.repeat(chance.pick([501, 5000, 40_000, 600_000]))}"`
  if (chance.happens(0.02)) return `[${Array.from({ length: 3000 }, (_, k) => k).join()}]`
  return chance.pick(JSON_VALUES)
}

/** For addresses and headers, before they are escaped. */
export function oddText(chance: Chance): string {
  return chance.happens(0.03) ? chance.pick(['x', '%', '../', 'é']).repeat(chance.pick([100, 700, 5000])) : chance.pick(TEXTS)
}

export const ODD_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  'a\\u0000b',
  '\\ud800',
  '$where',
  'length',
  '0',
  '-1',
]

export const MEDIA = [
  'text/plain',
  'text/plain;charset=UTF-8',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/octet-stream',
  'application/json; charset=utf-16',
  'application/json;',
  'application/jsonp',
  'APPLICATION/JSON',
  'application/merge-patch+json',
  '',
  ';',
  '/',
  'a/b/c',
  '*/*',
  'x'.repeat(3000),
]

const JSON_VALUES = [
  ...['null', 'true', 'false', '{}', '[]', '""', '" "', '[[]]', '[null]', '{"a":{}}', '[{}]'],
  ...['0', '-0', '-1', '1', '1.5', '1e400', '-1e400', '1e-400', '2147483647', '2147483648', '-2147483649', '9007199254740993'],
  ...['9223372036854775808', '1e21', '123456789012345678901234567890', '0.1e-7', 'NaN', 'Infinity', '01', '+1', '0x10', '1_000'],
  ...[
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\ud83d\\ude00"',
    '"\\uFFFE\\uFFFF"',
    '"\\u202eabc"',
    '"\\b\\f\\u001b[31m"',
  ],
  ...[
    '"null"',
    '"undefined"',
    '"NaN"',
    '"true"',
    '"0"',
    '"-1"',
    '"[object Object]"',
    '"anonymous"',
    '"00000000-0000-0000-0000-000000000000"',
  ],
  ...[
    '"\' or 1=1 --"',
    '"\\"; drop table events; --"',
    '"%00"',
    '"#{7*7}"',
    '"{{7*7}}"',
    '"<script>alert(1)</script>"',
    '"../../etc/passwd"',
  ],
  ...[
    '"9999-12-31T23:59:59Z"',
    '"0000-00-00T00:00:00Z"',
    '"2026-02-30T00:00:00Z"',
    '"2026-01-01"',
    '"-271821-04-20T00:00:00.000Z"',
    '"+275760-09-13T00:00:00.000Z"',
  ],
  ...[
    '"2026-01-31T24:00:00Z"',
    '"2026-01-31T09:30:00+99:99"',
    '"0001-01-01T00:00:00Z"',
    '"now"',
    '"infinity"',
    '"-infinity"',
    '8640000000000001',
    '-62135596800001',
  ],
  ...[
    '"somebody@example.com"',
    '"@"',
    '"a@b"',
    '"+12025550111"',
    '"+0"',
    '"tel:911"',
    '"12345678901234567890"',
    '"\\u0660\\u0661\\u0662"',
  ],
  ...[
    '"http://"',
    '"https://[::1"',
    '"javascript:alert(1)"',
    '"https://\\u0000.example/"',
    '"data:,x"',
    '"//example.com"',
    '"https://example.com/?utm_source=%"',
  ],
  ...[
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"toString":1,"valueOf":2,"toJSON":3}',
    '{"a":1,"a":2}',
    '{"length":1e9}',
  ],
  ...[
    '{"url":7,"referrer":[]}',
    '{"name":{"name":{}}}',
    '{"email":["a@b.example"]}',
    '{"email":{"a":1},"phone":{},"age":"x"}',
    '{"age":1e308,"email":"ok@example.com"}',
  ],
]

const TEXTS = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1',
    '-0',
    '1.5',
    '1e3',
    '1e400',
    'NaN',
    'null',
    'undefined',
    'true',
    '[]',
    '{}',
    '2147483647',
    '2147483648',
    '9007199254740993',
  ],
  ...[
    '99999999999999999999',
    '0x10',
    '\0',
    'a\0b',
    '\uFFFD',
    '😀',
    '\u202e',
    '..',
    '.',
    '/',
    '\\',
    '%',
    '%00',
    '%zz',
    '%c0%ae',
    "'",
    '"',
    "' or 1=1 --",
    ';',
  ],
  ...[
    '*',
    '%25',
    '_',
    '?',
    '#',
    '&',
    '=',
    '+',
    ',',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '-created_at',
    'name',
    'email desc; drop table contacts',
    'DE',
    'de',
  ],
  ...[
    'somebody@example.com',
    '+12025550101',
    'lead',
    'W10',
    'WzFd',
    'bnVsbA',
    'WyIyMDI2LTAxLTMxVDA5OjMwOjAwLjAwMDAwMFoiLDFd',
    'WyItbGFzdF92aXNpdCIsbnVsbCwxXQ',
  ],
  ...[
    'WyItbGFzdF92aXNpdCIsIjk5OTktOTktOTlUOTk6OTk6OTkuMDAwMDAwWiIsMV0',
    'WyJuYW1lIiwieCIsOTk5OTk5OTk5OTk5XQ',
    'WzllOTk5XQ',
    'Wy0xXQ',
    'WzkwMDcxOTkyNTQ3NDA5OTFd',
  ],
]

function nested(levels: number, open: string) {
  return `${open.repeat(levels)}1${(open === '[' ? ']' : '}').repeat(levels)}`
}
