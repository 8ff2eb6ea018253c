import type postgres from 'postgres'
import type { SEGMENTS } from '../../shared/contacts.ts'
import type { Sql } from '../database/connect.ts'

export type BuiltIn = (typeof SEGMENTS)[number]

/** Whether a contact is in a built-in segment now: the same as segment_of() says, as ranges that an index finds. `of` is its alias. */
export function inSegment(sql: Sql, segment: BuiltIn, of: 'c' | 's'): postgres.Fragment {
  const watched = sql(`${of}.watch_percentage`)
  if (segment === 'no_show') return sql`(${watched} = 0 and ${sql(`${of}.registered_at`)} < now() - interval '24 hours')`
  const [from, to] = RANGES[segment]
  return sql`(${watched} between ${from} and ${to})`
}

/** Percent watched, both inclusive. */
const RANGES = { skimmer: [1, 24], sampler: [25, 49], engaged: [50, 74], hot: [75, 100] } as const
