import type postgres from 'postgres'
import { recordActivities } from './record.ts'

/**
 * Takes out of activities what they say of a person who is erased: what was before and after, the name of who did it where that was not
 * somebody who works here, and a subject that is more than a number. That there was a change, which and when, stays. The chain holds only a
 * salted digest of what goes (chain/link.ts): without the salt nobody can find out from it what it was, and the chain is as whole as before.
 *
 * An activity `activity.redacted` about the first contact (0 for who was none) says so; without it the chain counts as broken, so nobody can hide a change in this way.
 * `also`: further activities that name them, as a condition on the table. Runs as the system's role. Returns how many there were.
 */
export async function redactActivities(
  sql: postgres.TransactionSql,
  workspace_id: number,
  contact_ids: number[],
  also: postgres.PendingQuery<postgres.Row[]> = sql`false`,
): Promise<number> {
  const contact_id = contact_ids[0] ?? NO_CONTACT
  const blanked = await sql<{ id: number }[]>`
    update activities
       set before = null, after = null,
           actor = case when actor->>'kind' in ('user', 'key') then actor else actor - 'name' end,
           subject_id = case when subject_id ~ '^[0-9]{1,18}$' then subject_id end
     where workspace_id = ${workspace_id} and (contact_id = any(${contact_ids}::int[]) or ${also}) and action <> 'activity.redacted'
       and (before is not null or after is not null or actor ? 'name' and actor->>'kind' not in ('user', 'key')
            or subject_id !~ '^[0-9]{1,18}$')
    returning id`
  if (blanked.length === 0) return 0
  await sql`
    update audit_chain
       set salt = null, redacted_for = ${contact_id}
     where workspace_id = ${workspace_id} and activity_id = any(${blanked.map(({ id }) => id)}::bigint[])`
  await recordActivities(sql, workspace_id, [
    { action: 'activity.redacted', actor: { kind: 'system' }, subject_id: contact_id, after: { activities: blanked.length } },
  ])
  return blanked.length
}

const NO_CONTACT = 0
