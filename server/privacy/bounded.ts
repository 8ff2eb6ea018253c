/**
 * A pattern for a value as it stands by itself, in the words of PostgreSQL and of JavaScript alike: ann@example.com is not in joann@example.com,
 * and user-4 not in user-42. What stands before it may be an escaped character of JSON, of bytes or of an address.
 */
export function bounded(value: string): string {
  const literal = value.replace(/[!-/:-@[-`{-~]/g, '\\$&')
  return `(^|[^a-z0-9._%+-]|\\\\[nrtbf]|\\\\u[0-9a-f]{4}|\\\\[0-7]{3}|%[0-9a-f]{2})${literal}(?![a-z0-9_-]|[.@][a-z0-9])`
}
