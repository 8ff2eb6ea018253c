import type postgres from 'postgres'
import type { AppointmentStatus } from '../../shared/appointments.ts'
import { isArchived } from '../contacts/archive.ts'
import type { Matcher } from '../contacts/match.ts'
import type { Candidate } from './consider.ts'
import type { Settings } from './settings.ts'

/** What the database knows that decides about a lead; decide.ts adds what the leads before it in the same batch change. */
export type Facts = {
  /** Leads that were made of the same id of the sender: see `externalKey`. */
  made: Map<string, { lead_id: number; contact_id: number }>
  /** People who have a lead within a webhook's window: see `recentKey`. */
  recent: Set<string>
  /** Those of them who are archived: see `personKey`. */
  archived: Set<string>
  /** How many leads a cap has let through in its period: see `capsOf`. */
  counts: Map<string, number>
  /** Meetings that were told before: see `meetingKey`. */
  meetings: Map<string, KnownMeeting>
  /** The newest open lead of a person from a webhook: see `leadKey`. */
  open_leads: Map<string, number>
}

export type KnownMeeting = {
  appointment_id: number
  contact_id: number
  lead_id: number | null
  scheduled_at: Date
  duration_minutes: number
  status: AppointmentStatus
}

export async function readFacts(sql: postgres.TransactionSql, candidates: Candidate[], matcher: Matcher): Promise<Facts> {
  const [made, { recent, archived }, counts, meetings, open_leads] = await Promise.all([
    readMade(sql, candidates),
    readRecent(sql, candidates, matcher),
    readCounts(sql, candidates),
    readMeetings(sql, candidates),
    readOpenLeads(sql, candidates, matcher),
  ])
  return { made, recent, archived, counts, meetings, open_leads }
}

export function externalKey({ waiting, mapped }: Candidate) {
  return `${waiting.workspace_id} ${waiting.webhook_id} ${mapped.values.external_id}`
}

/** Ids of senders that are promised to be one lead each. Others may stand in any field and mean anything. */
export function isPromised({ item }: Candidate) {
  return item.delivery_key !== null && !item.is_test
}

async function readMade(sql: postgres.TransactionSql, candidates: Candidate[]): Promise<Facts['made']> {
  const asked = candidates.filter(isPromised).map(({ waiting, mapped }) => ({
    workspace_id: waiting.workspace_id,
    webhook_id: waiting.webhook_id,
    external_id: mapped.values.external_id,
  }))
  if (asked.length === 0) return new Map()
  const rows = await sql<
    { workspace_id: number; webhook_id: number; external_id: string; lead_id: number; contact_id: number }[]
  >`
    select n.workspace_id, n.webhook_id, n.external_id, l.id as lead_id, l.contact_id
      from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) as n(workspace_id int, webhook_id int, external_id text)
     cross join lateral (
           select l.id, l.contact_id
             from leads l
            where l.workspace_id = n.workspace_id and l.webhook_id = n.webhook_id and l.external_id = n.external_id
            limit 1) l`
  return new Map(
    rows.map(({ lead_id, contact_id, ...row }) => [
      `${row.workspace_id} ${row.webhook_id} ${row.external_id}`,
      { lead_id, contact_id },
    ]),
  )
}

/** With people apart by source, a lead elsewhere says nothing. */
export function recentKey({ waiting, settings }: Candidate, contact_id: number) {
  const webhook = settings.dedupe_scope === 'source' ? settings.id : ''
  return `${waiting.workspace_id} ${contact_id} ${settings.lead_type} ${webhook} ${settings.dedupe_hours}`
}

export function personKey({ waiting }: Candidate, contact_id: number) {
  return `${waiting.workspace_id} ${contact_id}`
}

async function readRecent(
  sql: postgres.TransactionSql,
  candidates: Candidate[],
  matcher: Matcher,
): Promise<Pick<Facts, 'recent' | 'archived'>> {
  const asked = new Map<string, object>()
  for (const candidate of candidates) {
    const { settings, waiting, person } = candidate
    const contact_id = settings.dedupe_hours > 0 ? matcher.find(person) : undefined
    if (contact_id === undefined) continue
    const key = recentKey(candidate, contact_id)
    const webhook_id = settings.dedupe_scope === 'source' ? settings.id : null
    asked.set(key, {
      key,
      person: personKey(candidate, contact_id),
      workspace_id: waiting.workspace_id,
      contact_id,
      webhook_id,
      lead_type: settings.lead_type,
      hours: settings.dedupe_hours,
    })
  }
  if (asked.size === 0) return { recent: new Set(), archived: new Set() }
  const rows = await sql<{ key: string; person: string; is_archived: boolean }[]>`
    select n.key, n.person, ${isArchived(sql, sql`n.workspace_id`, sql`n.contact_id`)} as is_archived
      from jsonb_to_recordset(${JSON.stringify([...asked.values()])}::text::jsonb)
        as n(key text, person text, workspace_id int, contact_id int, webhook_id int, lead_type text, hours int)
     where exists (
           select
             from (select n.contact_id as id
                    union all
                   select c.id from contacts c where c.workspace_id = n.workspace_id and c.merged_into = n.contact_id) family
            cross join lateral (
                  select
                    from leads l
                   where l.workspace_id = n.workspace_id and l.contact_id = family.id
                     and l.created_at > now() - make_interval(hours => n.hours)
                     and l.lead_type = n.lead_type and not l.is_test and (n.webhook_id is null or l.webhook_id = n.webhook_id)
                   limit 1) l)`
  const archived = rows.filter(row => row.is_archived)
  return { recent: new Set(rows.map(row => row.key)), archived: new Set(archived.map(row => row.person)) }
}

export type Cap = {
  reason: 'cap_hour' | 'cap_day' | 'cap_month'
  workspace_id: number
  scope: string
  period: string
  most: number
}

/** The caps of a webhook in the periods of now. */
export function capsOf({ workspace_id, id, hour, day, month, ...settings }: Settings): Cap[] {
  const periods = { hour, day, month }
  return (['hour', 'day', 'month'] as const).flatMap(unit => {
    const most = settings[`cap_${unit}`]
    return most === null
      ? []
      : [{ reason: `cap_${unit}` as const, workspace_id, scope: `webhook ${id} ${unit}`, period: periods[unit], most }]
  })
}

export function capKey({ workspace_id, scope }: Pick<Cap, 'workspace_id' | 'scope'>) {
  return `${workspace_id} ${scope}`
}

async function readCounts(sql: postgres.TransactionSql, candidates: Candidate[]): Promise<Map<string, number>> {
  const settings = new Set(candidates.map(candidate => candidate.settings))
  const caps = [...settings].flatMap(capsOf)
  if (caps.length === 0) return new Map()
  const rows = await sql<{ workspace_id: number; scope: string; count: number }[]>`
    select c.workspace_id, c.scope, c.count
      from jsonb_to_recordset(${JSON.stringify(caps)}::text::jsonb) as n(workspace_id int, scope text, period timestamptz)
      join intake_counters c on c.workspace_id = n.workspace_id and c.scope = n.scope and c.period = n.period`
  return new Map(rows.map(row => [capKey(row), row.count]))
}

export function meetingKey({ waiting }: Pick<Candidate, 'waiting'>, external_id: string) {
  return `${waiting.workspace_id} ${waiting.webhook_id} ${external_id}`
}

async function readMeetings(sql: postgres.TransactionSql, candidates: Candidate[]): Promise<Facts['meetings']> {
  const asked = candidates.flatMap(({ waiting: { workspace_id, webhook_id }, meeting }) =>
    [meeting?.external_id, meeting?.was].flatMap(external_id => (external_id ? [{ workspace_id, webhook_id, external_id }] : [])),
  )
  if (asked.length === 0) return new Map()
  const rows = await sql<(KnownMeeting & { workspace_id: number; webhook_id: number; external_id: string })[]>`
    select a.workspace_id, a.webhook_id, a.external_id, a.id as appointment_id, a.contact_id, a.lead_id, a.scheduled_at,
           a.duration_minutes, a.status
      from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) as n(workspace_id int, webhook_id int, external_id text)
      join appointments a on a.workspace_id = n.workspace_id and a.webhook_id = n.webhook_id and a.external_id = n.external_id`
  return new Map(
    rows.map(({ workspace_id, webhook_id, external_id, ...row }) => [`${workspace_id} ${webhook_id} ${external_id}`, row]),
  )
}

export function leadKey({ waiting }: Pick<Candidate, 'waiting'>, contact_id: number) {
  return `${waiting.workspace_id} ${waiting.webhook_id} ${contact_id}`
}

/** Whoever books a meeting after asking for one is one lead. */
async function readOpenLeads(
  sql: postgres.TransactionSql,
  candidates: Candidate[],
  matcher: Matcher,
): Promise<Facts['open_leads']> {
  const asked = candidates.flatMap(({ waiting: { workspace_id, webhook_id }, person, meeting, is_test }) => {
    const contact_id = meeting === null || is_test ? undefined : matcher.find(person)
    return contact_id === undefined ? [] : [{ workspace_id, webhook_id, contact_id }]
  })
  if (asked.length === 0) return new Map()
  const rows = await sql<{ workspace_id: number; webhook_id: number; contact_id: number; lead_id: number }[]>`
    select n.workspace_id, n.webhook_id, n.contact_id, l.id as lead_id
      from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) as n(workspace_id int, webhook_id int, contact_id int)
     cross join lateral (
           select l.id
             from (select n.contact_id as id
                    union all
                   select c.id from contacts c where c.workspace_id = n.workspace_id and c.merged_into = n.contact_id) family
             join leads l on l.workspace_id = n.workspace_id and l.contact_id = family.id
            where l.webhook_id = n.webhook_id and l.kind = 'open' and not l.is_test
            order by l.created_at desc, l.id desc
            limit 1) l`
  return new Map(rows.map(({ lead_id, ...row }) => [`${row.workspace_id} ${row.webhook_id} ${row.contact_id}`, lead_id]))
}
