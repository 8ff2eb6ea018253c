import { LeadRule } from '../../shared/segments.ts'
import { among, isIn, type Kind } from './kind.ts'

/** Whether they have a lead, or one of a status: their own, and those of contacts that are part of them. */
export const lead: Kind<LeadRule> = {
  shape: LeadRule,
  holds: (asking, { has, status }) => {
    const { sql, workspace_id } = asking
    const theirs = isIn(
      asking,
      sql`
        select o.whole_id
          from contacts o
          join leads l on l.workspace_id = o.workspace_id and l.contact_id = o.id
         where o.workspace_id = ${workspace_id} ${among(asking, 'o.whole_id')} and not l.is_test
           ${status === undefined ? sql`` : sql`and l.kind = ${status}`}`,
    )
    return has ? theirs : sql`not (${theirs})`
  },
}
