import type postgres from 'postgres'
import type { DeliveriesQuery, Delivery } from '../../shared/webhooks.ts'
import { familyOf } from '../contacts/find.ts'
import { listContacts } from '../contacts/list.ts'
import type { Sql } from '../database/connect.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import { firstIdAt } from './message-id.ts'

/** How many deliveries are looked at in order before those that match are collected through their own index. */
const WALK = 5000

/**
 * What was or will be sent, the newest first; endpoints that were deleted keep their log. As in the list of contacts, the next
 * deliveries in order are looked at first: what matches often fills the page from them. What matches rarely is then collected
 * through its own index and sorted. So no estimate of the planner decides what a page costs (of 1,000,000 deliveries: at most 0.1 s).
 */
export async function listDeliveries(sql: Sql, workspace_id: number, { limit = 50, cursor, ...query }: DeliveriesQuery) {
  const after = readCursor(cursor, 'text', 'integer')
  const named = await readNamed(sql, workspace_id, query)
  const asks_message = query.event !== undefined || named.length > 0
  const find = { range: rangeOf(sql, query, after), match: matchOf(sql, query, named), asks_message, most: limit + 1 }
  const walked = named.length === 0 ? await walk(sql, workspace_id, find) : []
  const rows = walked.length > limit || !isNarrow(query) ? walked : await collect(sql, workspace_id, find)
  return pageOf(rows, limit, last => [last.message_id, last.id])
}

type Fragment = postgres.Fragment
type Filters = Omit<DeliveriesQuery, 'limit' | 'cursor'>
/** `range`: of the order in which they are walked through; `match`: what each of them is asked, or its message. */
type Find = { range: Fragment; match: Fragment; asks_message: boolean; most: number }

function isNarrow({ state, event, contact_id, q }: Filters) {
  return [state, event, contact_id, q].some(filter => filter !== undefined)
}

function walk(sql: Sql, workspace_id: number, { range, match, most }: Find) {
  return sql<Delivery[]>`
    select ${deliveryColumns(sql)}
      from (select *
              from deliveries d
             where d.workspace_id = ${workspace_id} ${range}
             order by d.message_id desc, d.id desc
             limit ${WALK}) d
      ${joins(sql, workspace_id)}
     where true ${match}
     order by d.message_id desc, d.id desc
     limit ${most}`
}

function collect(sql: Sql, workspace_id: number, { range, match, asks_message, most }: Find) {
  return sql<Delivery[]>`
    with found as materialized (
      select d.id, d.message_id
        from deliveries d
        ${asks_message ? sql`join webhook_messages m on m.workspace_id = ${workspace_id} and m.id = d.message_id` : sql``}
       where d.workspace_id = ${workspace_id} ${range} ${match}
    ),
    page as materialized (
      select id from found order by message_id desc, id desc limit ${most}
    )
    select ${deliveryColumns(sql)}
      from deliveries d
      ${joins(sql, workspace_id)}
     where d.workspace_id = ${workspace_id} and d.id in (select id from page)
     order by d.message_id desc, d.id desc`
}

function rangeOf(sql: Sql, { endpoint_id, since, until }: Filters, after: readonly [string, number] | undefined) {
  return sql`
       ${endpoint_id === undefined ? sql`` : sql`and d.endpoint_id = ${endpoint_id}`}
       ${since === undefined ? sql`` : sql`and d.message_id >= ${firstIdAt(Date.parse(since) - CLOCKS_MS)} and d.created_at >= ${since}::timestamptz`}
       ${until === undefined ? sql`` : sql`and d.message_id < ${firstIdAt(Date.parse(until) + CLOCKS_MS)} and d.created_at < ${until}::timestamptz`}
       ${after === undefined ? sql`` : sql`and (d.message_id, d.id) < (${after[0]}, ${after[1]}::bigint)`}`
}

/** By how much the clock of a process, which ids tell, may differ from that of the database, which dates what is stored. */
const CLOCKS_MS = 600_000

// The state is written out: of a parameter the planner cannot tell which of the partial indexes it may use.
function matchOf(sql: Sql, { state, event }: Filters, named: Named[]) {
  return sql`
       ${state === undefined ? sql`` : sql.unsafe(`and d.state = '${state}'`)}
       ${event === undefined ? sql`` : sql`and m.event = ${event}`}
       ${named.length === 0 ? sql`` : named.map(one => isNamed(sql, one))}`
}

function isNamed(sql: Sql, one: Named) {
  return 'message' in one ? sql`and m.id = ${one.message}` : sql`and m.contact_id = any(${one.contacts}::int[])`
}

type Named = { message: string } | { contacts: number[] }

/** Whom or what a contact and a search mean. */
async function readNamed(sql: Sql, workspace_id: number, { contact_id, q }: Filters): Promise<Named[]> {
  const text = q?.trim()
  return [
    ...(contact_id === undefined ? [] : [{ contacts: await familyOf(sql, workspace_id, contact_id) }]),
    ...(text === undefined
      ? []
      : [text.startsWith('msg_') ? { message: text } : { contacts: await contactsNamed(sql, workspace_id, text) }]),
  ]
}

/** Whom an e-mail or a phone names, and those who were merged into them. */
async function contactsNamed(sql: Sql, workspace_id: number, text: string): Promise<number[]> {
  const key = text.includes('@') ? { email: text } : { phone: text }
  const { data } = await listContacts(sql, workspace_id, { ...key, limit: 50 })
  const families = await Promise.all(data.map(({ id }) => familyOf(sql, workspace_id, id)))
  return families.flat()
}

/** Of a delivery `d`, its message `m`, its endpoint `e` and the contact `c`. */
export function deliveryColumns(sql: Sql) {
  return sql`
           d.id, d.endpoint_id, e.name as endpoint, d.message_id, m.event, m.contact_id,
           coalesce(c.name, c.email, c.phone) as contact, d.state, d.is_test, d.attempts,
           case when d.state = 'queued' then d.run_at end as run_at, d.last_status, d.last_error,
           m.occurred_at, d.created_at, d.finished_at`
}

export function joins(sql: Sql, workspace_id: number) {
  return sql`
      join webhook_messages m on m.workspace_id = ${workspace_id} and m.id = d.message_id
      join endpoints e on e.workspace_id = ${workspace_id} and e.id = d.endpoint_id
      left join contacts c on c.workspace_id = ${workspace_id} and c.id = m.contact_id`
}
