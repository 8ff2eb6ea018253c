import { LeadRule } from '../../shared/segments.ts'
import { hasAny, type Kind } from './kind.ts'

/** Whether they have a lead, or one of a status: their own, and those of contacts that are part of them. */
export const lead: Kind<LeadRule> = {
  shape: LeadRule,
  holds: (asking, { has, status }) => {
    const { sql } = asking
    const of_status = status === undefined ? sql`` : sql`and m.kind = ${status}`
    return hasAny(asking, has, 'leads', sql`and not m.is_test ${of_status}`)
  },
}
