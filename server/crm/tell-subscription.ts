import { isAllowed } from './lists/allowed.ts'
import { logFailures } from './log.ts'
import type { Means, OpenConnection } from './open.ts'
import { type Failure, failureOf, remembered } from './retry.ts'

type Subscription = {
  first_name: string | null
  last_name: string | null
  version: number
  failures: number
  /** That it is on here and was not told to be on there. */
  lists: string[]
}

/** Tells a CRM which lists an e-mail joined, which may be nobody's that is known here. Null when it was told, or a newer job tells it. */
export async function tellSubscription(
  { sql }: Means,
  connection: OpenConnection,
  email: string,
  version_asked: number,
): Promise<Failure | null> {
  const { workspace_id, id, provider, manager } = connection
  const [one] = await sql<Subscription[]>`
    select s.first_name, s.last_name, s.version, s.failures,
           coalesce((select array_agg(m.name order by m.name)
                       from mailing_list_members j
                       join mailing_lists m on m.workspace_id = j.workspace_id and m.id = j.list_id
                      where j.workspace_id = s.workspace_id and j.email = s.email and j.left_at is null
                        and m.name <> all(s.told_lists)
                        and ${isAllowed(sql, sql`(select whole_id from contacts c where c.workspace_id = j.workspace_id and c.email = j.email and c.merged_into is null limit 1)`)}), '{}') as lists
      from crm_subscriptions s
     where s.workspace_id = ${workspace_id} and s.connection_id = ${id} and s.email = ${email} and s.due`
  if (!one || one.version > version_asked) return null
  const { lists, first_name, last_name, version, failures } = one
  const told = lists.length === 0 ? null : await manager.addEmailToMailingLists(email, lists, { first_name, last_name })
  if (told === null || told.ok) {
    await sql`
      update crm_subscriptions
         set told_lists = told_lists || ${lists}::text[], due = version <> ${version}, failures = 0, error = null, updated_at = now()
       where workspace_id = ${workspace_id} and connection_id = ${id} and email = ${email}`
    return null
  }
  const failure = failureOf(told.error, failures)
  await sql.begin(async tx => {
    await logFailures(tx, [
      { workspace_id, connection_id: id, provider: provider.name, contact_id: null, operation: 'subscribe', error: told.error },
    ])
    await tx`
      update crm_subscriptions
         set ${tx(remembered(failure, failures))}, updated_at = now()
       where workspace_id = ${workspace_id} and connection_id = ${id} and email = ${email} and version = ${version}`
  })
  return failure
}
