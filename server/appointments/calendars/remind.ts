import type postgres from 'postgres'
import type { Config } from '../../config.ts'
import { type NewMail, sendMail } from '../../mail/mail.ts'
import { manageKey } from '../booking/manage-token.ts'
import { keepDoing, type Loop } from './keep-doing.ts'
import { letterToCustomer, letterToHost } from './letters.ts'
import { type Known, type Links, readOccasions } from './occasion.ts'

type Means = { sql: postgres.Sql; config: Config; log: { warn(details: object, sentence: string): void } }

const IDLE_MS = 5000
const AT_ONCE = 200

/** Sends reminders when they are due, by the clock of the database. Several processes may do it. Runs as the system's role. */
export function startReminding({ sql, config, log }: Means): Loop {
  const links: Links = { public_url: config.public_url, manage_key: manageKey(config) }
  const step = async () => (await remindDue(sql, links)) === AT_ONCE
  return keepDoing('Sending reminders', step, { idle_ms: IDLE_MS, log })
}

/**
 * Settles what is due, the oldest first: a mail, or why there is none. Claimed, looked at again and sent in one transaction, so each is
 * sent once, and nobody is reminded of what was moved or cancelled a moment before. However late it is (the server was away), it is
 * sent until the appointment begins. Returns how many it settled.
 */
export async function remindDue(sql: postgres.Sql, links: Links): Promise<number> {
  return sql.begin(async tx => {
    const due = await claim(tx)
    const settled: Settled[] = []
    for (const [workspace_id, some] of groupBy(due, ({ workspace_id }) => workspace_id)) {
      const ids = [...new Set(some.map(({ appointment_id }) => appointment_id))]
      const known = await readOccasions(tx, workspace_id, ids, [], links)
      const last = lastOfEach(some)
      const letters = some.map(one => ({ one, letter: letterOf(one, known.get(one.appointment_id), last.has(one)) }))
      await sendMail(
        tx,
        workspace_id,
        letters.flatMap(({ letter }) => (typeof letter === 'string' ? [] : [letter])),
      )
      settled.push(...letters.map(({ one, letter }) => ({ ...one, reason: typeof letter === 'string' ? letter : null })))
    }
    await settle(tx, settled)
    return due.length
  }) as Promise<number>
}

type Due = {
  workspace_id: number
  id: number
  appointment_id: number
  recipient: 'customer' | 'staff'
  before_minutes: number
  assigned_to: number | null
  /** Why nobody is reminded of it any more. */
  reason: string | null
}

type Settled = { workspace_id: number; id: number; reason: string | null }

/**
 * Whoever changes an appointment holds it and then its reminders. Here it is the other way round, so nobody is waited for: what is just
 * being changed has its turn after that.
 */
function claim(tx: postgres.TransactionSql) {
  return tx<Due[]>`
    select r.workspace_id, r.id, r.appointment_id, r.recipient, r.before_minutes, a.assigned_to,
           case when a.status = 'cancelled' then 'cancelled'
                when a.status in ('completed', 'no_show') then 'ended'
                when r.version <> a.version then 'moved'
                when a.scheduled_at <= now() then 'it had begun'
                when a.status = 'pending' then 'not confirmed' end as reason
      from appointment_reminders r
      join appointments a on a.workspace_id = r.workspace_id and a.id = r.appointment_id
     where r.state = 'waiting' and r.due_at <= now()
     order by r.due_at
     limit ${AT_ONCE}
       for update of r skip locked
       for share of a skip locked`
}

/** After an outage those of a day and of an hour may be due together: the nearest is enough. */
function lastOfEach(due: Due[]): Set<Due> {
  const last = new Map<string, Due>()
  for (const one of due) {
    const key = `${one.appointment_id} ${one.recipient}`
    const other = last.get(key)
    if (one.reason === null && (!other || one.before_minutes < other.before_minutes)) last.set(key, one)
  }
  return new Set(last.values())
}

/** A mail, or the reason why there is none. */
function letterOf(one: Due, known: Known | undefined, is_last: boolean): NewMail | string {
  if (one.reason !== null) return one.reason
  if (!known) return 'cancelled'
  if (!is_last) return 'a later one was due as well'
  const { occasion, hosts, is_away, is_theirs } = known
  const about = `appointment ${one.appointment_id}`
  if (one.recipient === 'customer') {
    const { email } = occasion.customer
    if (is_away) return 'handed on'
    if (is_theirs) return 'whoever took the booking reminds them'
    return email === null ? 'no e-mail' : { to: email, ...letterToCustomer('reminder', occasion), about }
  }
  const host = one.assigned_to === null ? undefined : hosts.get(one.assigned_to)
  return host ? { to: host.email, ...letterToHost('reminder', occasion, host.time_zone), about } : 'nobody has it'
}

async function settle(tx: postgres.TransactionSql, settled: Settled[]) {
  await tx`
    update appointment_reminders r
       set state = case when s.reason is null then 'sent' else 'skipped' end, reason = s.reason, settled_at = now()
      from unnest(${settled.map(one => one.workspace_id)}::int[], ${settled.map(one => one.id)}::bigint[],
                  ${settled.map(one => one.reason)}::text[]) as s(workspace_id, id, reason)
     where r.workspace_id = s.workspace_id and r.id = s.id`
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}
