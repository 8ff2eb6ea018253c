import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'

/**
 * A pattern for a value as it stands by itself, in the words of PostgreSQL and of JavaScript alike: ann@example.com is not in joann@example.com,
 * and user-4 not in user-42. What stands before it may be an escaped character of JSON, of bytes or of an address.
 */
export function bounded(value: string): string {
  return BEFORE + value.replace(/[!-/:-@[-`{-~]/g, '\\$&') + BEHIND
}

/** The same in the database: where e-mails are stored as tokens, it alone has the value that stands there. */
export function boundedIn(sql: Sql, value: postgres.PendingQuery<postgres.Row[]>) {
  return sql`${BEFORE}::text || regexp_replace(${value}, ${'([!-/:-@[-`{-~])'}, ${String.raw`\\\1`}, 'g') || ${SPELLING + BEHIND}::text`
}

const BEFORE = String.raw`(^|[^a-z0-9._%+-]|\\[nrtbf]|\\u[0-9a-f]{4}|\\[0-7]{3}|%[0-9a-f]{2})`
/** How it was written stands behind a token (server/sealing/sealer.ts), and goes with it. */
const SPELLING = '(?:(?<=~)[bcdfghjklmnp-t]+~)?'
const BEHIND = '(?![a-z0-9_-]|[.@][a-z0-9])'
