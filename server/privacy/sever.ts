import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { recountAppointments } from '../appointments/count.ts'
import { lockIdentity } from '../database/transaction.ts'
import { recountLeads } from '../leads/count.ts'
import type { Who } from './who.ts'

/**
 * Takes the person out of what they did, in one transaction: the contact is deleted with everything that hangs on it, what was bought stays with
 * a visitor who has no name, and their devices are one nameless person, so that no funnel counts them twice. Nobody who writes identity sees
 * a half of it: the caller holds the workspace's identity lock (`lockPerson`).
 */
export async function sever(
  sql: postgres.TransactionSql,
  who: Who,
  erasure_id: number,
  digests: Buffer[],
  actor: Actor,
): Promise<void> {
  const { workspace_id, contacts, visitors, leads, appointments } = who
  await sql`
    insert into erased_values (workspace_id, digest, erasure_id)
    select ${workspace_id}::int, decode(hex, 'hex'), ${erasure_id}::int from unnest(${digests.map(one => one.toString('hex'))}::text[]) as hex
        on conflict (workspace_id, digest) do update set erasure_id = excluded.erasure_id, erased_at = now()`
  const heir = visitors[0] ?? (await makeHeir(sql, who))
  await sql`
    update conversions
       set contact_id = null, visitor_id = coalesce(visitor_id, ${heir}), lead_id = null, appointment_id = null
     where workspace_id = ${workspace_id} and contact_id = any(${contacts}::int[])`
  await leaveSegments(sql, who)
  await recountLeads(
    sql,
    leads.map(id => ({ workspace_id, id })),
    () => sql`delete from leads where workspace_id = ${workspace_id} and id = any(${leads}::bigint[])`.execute(),
  )
  await recountAppointments(sql, workspace_id, appointments, () =>
    sql`delete from appointments where workspace_id = ${workspace_id} and id = any(${appointments}::bigint[])`.execute(),
  )
  const known = await sql<{ id: number }[]>`
    select id from contacts where workspace_id = ${workspace_id} and id = any(${contacts}::int[]) and merged_into is null`
  await sql`delete from contacts where workspace_id = ${workspace_id} and id = any(${contacts}::int[])`
  await makeNameless(sql, who, heir)
  await recordActivities(
    sql,
    workspace_id,
    known.map(({ id }) => ({ action: 'contact.erased', actor, contact_id: id, subject_id: id })),
  )
}

/** Before anything is read that is decided by. */
export async function lockPerson(sql: postgres.TransactionSql, workspace_id: number) {
  await lockIdentity(sql, [workspace_id])
}

/** A visitor for what was bought by somebody who was never seen. */
async function makeHeir(sql: postgres.TransactionSql, { workspace_id, contacts }: Who): Promise<number | null> {
  const [heir] = await sql<{ id: number }[]>`
    insert into visitors (workspace_id, id, distinct_id, kind, first_seen, last_visit)
    select ${workspace_id}::int, nextval('visitor_ids'), 'erased-' || gen_random_uuid(), 'anonymous', min(converted_at), max(converted_at)
      from conversions
     where workspace_id = ${workspace_id} and contact_id = any(${contacts}::int[])
    having count(*) > 0
    returning id`
  return heir?.id ?? null
}

async function leaveSegments(sql: postgres.TransactionSql, { workspace_id, contacts }: Who) {
  await sql`
    with gone as (
      delete from segment_members where workspace_id = ${workspace_id} and contact_id = any(${contacts}::int[]) returning segment_id
    )
    update segments s
       set contact_count = s.contact_count - g.members
      from (select segment_id, count(*)::int as members from gone group by segment_id) g
     where s.workspace_id = ${workspace_id} and s.id = g.segment_id`
}

/** Their devices stay one person to those who count people, and whoever sums people up is told whom to look at again. */
async function makeNameless(
  sql: postgres.TransactionSql,
  { workspace_id, contacts, visitors, people }: Who,
  heir: number | null,
) {
  await sql`
    insert into moved_people (workspace_id, person)
    select ${workspace_id}::int, person from unnest(${people}::bigint[]) as person
     union
    select ${workspace_id}::int, person_id from visitors where workspace_id = ${workspace_id} and id = any(${visitors}::bigint[]) and person_id is not null
     union
    select ${workspace_id}::int, ${heir}::bigint where ${heir}::bigint is not null`
  if (contacts.length > 0 && heir !== null)
    await sql`
      insert into identity_links (workspace_id, reason, outcome, visitor_id, other_visitor_id, actor, occurred_at, last_at)
      select ${workspace_id}::int, 'manual', 'linked', id, ${heir}::bigint, '{"kind": "system"}', now(), now()
        from unnest(${visitors}::bigint[]) as id
       where id <> ${heir}::bigint
          on conflict do nothing`
  await sql`
    update visitors
       set distinct_id = 'erased-' || gen_random_uuid(), kind = 'anonymous', contact_id = null, traits = '{}', owner_id = null,
           person_id = case when ${contacts.length > 0} then nullif(${heir}::bigint, id) else person_id end,
           first_touch = '{}', last_touch = '{}', referring_domain = null, region = null, city = null
     where workspace_id = ${workspace_id} and id = any(${visitors}::bigint[])`
}
