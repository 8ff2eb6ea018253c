import type postgres from 'postgres'
import type { SEGMENTS } from '../../shared/contacts.ts'
import type { Sql } from '../database/connect.ts'

export type BuiltIn = (typeof SEGMENTS)[number]

/** Whether a contact is in a built-in segment now, as segment_of() says it. `of` is its alias. */
export function inSegment(sql: Sql, segment: BuiltIn, of: 'c' | 's'): postgres.Fragment {
  const watched = sql(`${of}.watch_percentage`)
  if (segment === 'no_show') return sql`(${watched} = 0 and ${sql(`${of}.registered_at`)} < now() - interval '24 hours')`
  const [from, to] = RANGES[segment]
  return sql`(${watched} between ${from} and ${to})`
}

/** Percent watched, both inclusive. */
const RANGES = { skimmer: [1, 24], sampler: [25, 49], engaged: [50, 74], hot: [75, 100] } as const

/**
 * All who are in one now (`contact_id`), by the index of what was told: that is written with what it follows from, but of those who became
 * no-shows within the last minute.
 */
export function membersOf(sql: Sql, workspace_id: number, segment: BuiltIn): postgres.Fragment {
  const told = sql`
        select id as contact_id
          from contacts
         where workspace_id = ${workspace_id} and merged_into is null and archived_at is null and told_segment = ${segment}`
  if (segment !== 'no_show') return told
  return sql`${told}
         union all
        select id
          from contacts
         where workspace_id = ${workspace_id} and merged_into is null and archived_at is null and told_segment is null and watch_percentage = 0
           and registered_at < now() - interval '24 hours'`
}
