import type postgres from 'postgres'
import type { Retention, RetentionPreview, RetentionQuery, RetentionUpdate } from '../../shared/privacy.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { countOldEvents } from './forget-events.ts'
import { unarchived, unengaged } from './unengaged.ts'

const SAMPLE = 20

export async function readRetention(sql: Sql, workspace_id: number): Promise<Retention> {
  const [rule] = await sql<Retention[]>`
    select archive_months, unengaged_months, event_months, events_before from retention_rules where workspace_id = ${workspace_id}`
  return rule ?? { archive_months: null, unengaged_months: null, event_months: null, events_before: null }
}

export async function changeRetention(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: RetentionUpdate,
  actor: Actor,
): Promise<Retention> {
  const { events_before, ...before } = await readRetention(sql, workspace_id)
  const after = { ...before, ...given }
  const names = ['archive_months', 'unengaged_months', 'event_months'] as const
  if (names.every(name => after[name] === before[name])) return { ...before, events_before }
  await sql`
    insert into retention_rules ${sql({ workspace_id, ...after })}
        on conflict (workspace_id) do update
       set archive_months = excluded.archive_months, unengaged_months = excluded.unengaged_months, event_months = excluded.event_months,
           updated_at = now()`
  await recordActivities(sql, workspace_id, [{ action: 'retention.updated', actor, before, after }])
  return { ...after, events_before }
}

/** Whom rules would archive and erase now, those who did nothing for the longest first, and how many events another would delete. */
export async function previewRetention(
  sql: Sql,
  workspace_id: number,
  { archive_months, unengaged_months, event_months }: RetentionQuery,
): Promise<RetentionPreview> {
  const erased = await previewPeople(sql, unengaged_months && unengaged(sql, workspace_id, unengaged_months))
  const archived = await previewPeople(sql, archive_months && unarchived(sql, workspace_id, archive_months))
  const events = event_months === undefined ? null : await countOldEvents(sql, workspace_id, event_months)
  return { erased, archived, events }
}

async function previewPeople(sql: Sql, who: postgres.PendingQuery<postgres.Row[]> | undefined | 0) {
  if (!who) return null
  const [all] = await sql<{ contacts: number }[]>`select count(*)::int as contacts from (${who}) c`
  const sample = await sql<{ id: number; name: string | null; email: string | null; last_at: string }[]>`
    select id, name, email, last_at from (${who}) c order by last_at, id limit ${SAMPLE}`
  return { contacts: all!.contacts, sample: [...sample] }
}
