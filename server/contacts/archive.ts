import type postgres from 'postgres'
import { OPEN_STATUSES } from '../../shared/appointments.ts'
import type { Actor } from '../../shared/shape.ts'
import type { ContactWithTags } from '../../shared/tags.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { findContact } from './find.ts'
import { holdContacts } from './hold.ts'

/** Who has an open lead or an appointment to come is being worked with. */
const BUSY = {
  lead: 'This contact has an open lead.',
  appointment: 'This contact has an appointment to come.',
}

/**
 * Takes contacts that the caller holds (hold.ts) out of every list, segment and count, with everything of theirs. They come back by what
 * they do: fold.ts sees a visit or a conversion, and whoever makes a lead or an appointment says so (`restoreContacts`). Returns since
 * when those are archived that were not, and why others cannot be.
 */
export async function archiveContacts(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  actor: Actor,
): Promise<{ archived: Map<number, string>; busy: Map<number, string> }> {
  const rows = await sql<{ id: number; busy: keyof typeof BUSY | null; archived_at: string | null }[]>`
    with asked as materialized (
      select c.id, case when exists (select ${partsOf(sql)}
                                       cross join lateral (
                                             select from leads where workspace_id = ${workspace_id} and contact_id = p.id and kind = 'open' limit 1) l
                                      offset 0) then 'lead'
                        when exists (select ${partsOf(sql)}
                                       cross join lateral (
                                             select
                                               from appointments
                                              where workspace_id = ${workspace_id} and contact_id = p.id and scheduled_at > now()
                                                and status = any(${[...OPEN_STATUSES]}::text[])
                                              limit 1) a
                                      offset 0) then 'appointment' end as busy
        from contacts c
       where c.workspace_id = ${workspace_id} and c.id = any(${ids}::int[]) and c.merged_into is null and c.archived_at is null
    ), gone as (
      update contacts c
         set archived_at = clock_timestamp()
        from asked a
       where c.workspace_id = ${workspace_id} and c.id = a.id and a.busy is null
      returning c.id, c.archived_at
    )
    select a.id, a.busy, g.archived_at::text as archived_at from asked a left join gone g on g.id = a.id order by a.id`
  const archived = new Map(rows.flatMap(({ id, archived_at }) => (archived_at === null ? [] : [[id, archived_at]])))
  await recordActivities(
    sql,
    workspace_id,
    [...archived.keys()].map(contact_id => ({ action: 'contact.archived', actor, contact_id })),
  )
  return { archived, busy: new Map(rows.flatMap(({ id, busy }) => (busy === null ? [] : [[id, BUSY[busy]]]))) }

  function partsOf(sql: Sql) {
    return sql`from (select id from contacts o where o.workspace_id = ${workspace_id} and o.whole_id = c.id offset 0) p`
  }
}

/** Brings contacts back, or those that they are part of. Returns who was archived. The caller holds the workspace's identity lock. */
export async function restoreContacts(
  sql: postgres.TransactionSql,
  workspace_id: number,
  ids: number[],
  actor: Actor,
): Promise<Set<number>> {
  const back = await sql<{ id: number; archived_at: Date }[]>`
    with archived as materialized (
      select id, archived_at
        from contacts
       where workspace_id = ${workspace_id} and archived_at is not null
         and id in (select whole_id from contacts where workspace_id = ${workspace_id} and id = any(${ids}::int[]))
    )
    update contacts c
       set archived_at = null, updated_at = greatest(clock_timestamp(), c.updated_at + interval '1 ms')
      from archived a
     where c.workspace_id = ${workspace_id} and c.id = a.id
    returning c.id, a.archived_at`
  await recordActivities(
    sql,
    workspace_id,
    back.map(({ id, archived_at }) => ({ action: 'contact.restored', actor, contact_id: id, before: { archived_at } })),
  )
  return new Set(back.map(({ id }) => id))
}

/** Those of a batch that were archived when somebody made something of theirs: hardly ever one, and then nothing is asked. */
export async function restoreAmong(
  sql: postgres.TransactionSql,
  made: { workspace_id: number; contact_id: number; is_archived: boolean }[],
): Promise<void> {
  const archived = made.filter(({ is_archived }) => is_archived)
  for (const id of new Set(archived.map(({ workspace_id }) => workspace_id))) {
    const theirs = archived.filter(({ workspace_id }) => workspace_id === id).map(({ contact_id }) => contact_id)
    await restoreContacts(sql, id, theirs, BY_COMING_BACK)
  }
}

const BY_COMING_BACK = { kind: 'system', name: 'archive' }

/** One of them, by hand or by the API. Throws `not_found`, `already_merged`, and `in_use` when they are being worked with. */
export async function archiveContact(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor) {
  await holdOne(sql, workspace_id, id)
  const { busy } = await archiveContacts(sql, workspace_id, [id], actor)
  if (busy.has(id)) throw refuse('in_use', { message: `${busy.get(id)} Close that first.` })
  return findContact(sql, workspace_id, id)
}

export async function restoreContact(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor) {
  await holdOne(sql, workspace_id, id)
  await restoreContacts(sql, workspace_id, [id], actor)
  return findContact(sql, workspace_id, id)
}

async function holdOne(sql: postgres.TransactionSql, workspace_id: number, id: number): Promise<ContactWithTags> {
  await holdContacts(sql, workspace_id, [id])
  const contact = await findContact(sql, workspace_id, id)
  if (contact.merged_into !== null)
    throw refuse('already_merged', { message: `This contact is part of contact ${contact.merged_into}. Change that one.` })
  return contact
}

/** Whether somebody of these columns, or whoever they are part of, is archived: asked by their ids, whatever a planner thinks of the table. */
export function isArchived(sql: Sql, workspace_id: postgres.Fragment, contact_id: postgres.Fragment) {
  return sql`
    exists (select
              from (select o.workspace_id, o.whole_id from contacts o where o.workspace_id = ${workspace_id} and o.id = ${contact_id} limit 1) o
             cross join lateral (
                   select archived_at from contacts w where w.workspace_id = o.workspace_id and w.id = o.whole_id limit 1) w
             where w.archived_at is not null
            offset 0)`
}
