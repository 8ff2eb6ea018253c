/**
 * Values that clients send by mistake when they mean nobody. They never identify anyone: one `identify(null)` in a page would
 * otherwise make one person of all its visitors. The list is what PostHog and Segment learnt (research: identity, 1.1).
 */
export function isBlocked(distinct_id: string): boolean {
  const bare = distinct_id
    .trim()
    .replace(/^(['"])(.*)\1$/, '$2')
    .trim()
  return bare === '' || EXACT.has(bare) || ANY_CASE.has(bare.toLowerCase()) || /^[0-]+$/.test(bare)
}

const EXACT = new Set(['[object Object]', 'NaN', '-1', 'None', 'none'])
const ANY_CASE = new Set([
  'null',
  'undefined',
  'nil',
  'void',
  'nan',
  'anonymous',
  'anonymous_user',
  'guest',
  'distinctid',
  'distinct_id',
  'id',
  'user',
  'userid',
  'user_id',
  'not_authenticated',
  'unknown',
  'email',
  'true',
  'false',
  'abc123',
])
