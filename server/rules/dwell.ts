import { DwellRule } from '../../shared/segments.ts'
import { inSegment } from './built-in.ts'
import type { Kind } from './kind.ts'

/** In a built-in segment, for so many hours at least. */
export const dwell: Kind<DwellRule> = {
  shape: DwellRule,
  holds: ({ sql }, { segment, for_hours }) => {
    const inside = inSegment(sql, segment, 'c')
    return for_hours === undefined ? inside : sql`(${inside} and c.segment_since <= now() - make_interval(hours => ${for_hours}))`
  },
  turns: ({ sql, workspace_id }, { segment, for_hours }, since) =>
    for_hours === undefined
      ? undefined
      : sql`
      select id as contact_id
        from contacts
       where workspace_id = ${workspace_id} and merged_into is null and archived_at is null and told_segment = ${segment}
         and segment_since > ${since}::text::timestamptz - make_interval(hours => ${for_hours})
         and segment_since <= now() - make_interval(hours => ${for_hours})`,
}
