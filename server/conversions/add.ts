import type postgres from 'postgres'
import type { ConversionSource } from '../../shared/conversions.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordEverywhere } from '../activities/record.ts'
import { type Image, imageColumns } from './image.ts'
import { settle } from './settle.ts'

/** A conversion that was checked. Money and times are text, so that nothing is rounded on the way. */
export type NewConversion = {
  workspace_id: number
  /** null: of the visitor, and so of whichever contact the visitor belongs to. */
  contact_id: number | null
  visitor_id: number | null
  /** undefined: the one open lead of whose it is, if there is exactly one. */
  lead_id: number | null | undefined
  type: string
  value: string
  /** null: the workspace's. */
  currency: string | null
  source: ConversionSource
  order_id: string | null
  booking_id: string | null
  /** Of which it came. */
  appointment_id?: number | null
  /** The event that says so, stored in this transaction by its visitor: its message id, and its time in ms. */
  event: { message_id: string; occurred_at: number } | null
  /** null: now. */
  converted_at: string | null
  is_test: boolean
  data: Record<string, unknown>
}

export type Added = { id: number; is_new: boolean }

/**
 * Stores conversions with everything that follows from them: activities, totals of leads, contacts, days and the workspace. One order
 * id makes one conversion in a workspace, one booking id and one appointment one of each type; what is known already is left as it is
 * and named in the answer, which is in the order given. A constant number of statements for any number of conversions and workspaces.
 *
 * The caller holds the workspaces' identity lock: that is why the look for a known order and the insert are safe apart.
 */
export async function addConversions(sql: postgres.TransactionSql, given: NewConversion[], actor: Actor): Promise<Added[]> {
  const known = await readKnown(sql, given)
  const fresh: NewConversion[] = []
  const places = given.map(one => {
    const names = namesOf(one)
    const place = names.map(name => known.get(name)).find(found => found !== undefined)
    if (place !== undefined) return place
    const next = { fresh: fresh.push(one) - 1 }
    for (const name of names) known.set(name, next)
    return next
  })
  const images = await insert(sql, fresh, actor)
  await recordEverywhere(
    sql,
    images.map((image, k) => created(image, fresh[k]!, actor)),
  )
  await settle(sql, [], images, actor)
  const told = new Set<number>()
  return places.map(place => {
    if ('id' in place) return { id: place.id, is_new: false }
    const { id } = images[place.fresh]!
    const is_new = !told.has(id)
    told.add(id)
    return { id, is_new }
  })
}

type Place = { id: number } | { fresh: number }
type Named = Pick<NewConversion, 'workspace_id' | 'type' | 'order_id' | 'booking_id' | 'appointment_id'>

/** What makes a conversion the same one as another. */
function namesOf({ workspace_id, type, order_id, booking_id, appointment_id = null }: Named) {
  return [
    ...(order_id === null ? [] : [`${workspace_id} order ${order_id}`]),
    ...(booking_id === null ? [] : [`${workspace_id} ${type} ${booking_id}`]),
    ...(appointment_id === null ? [] : [`${workspace_id} appointment ${appointment_id} ${type}`]),
  ]
}

async function readKnown(sql: postgres.TransactionSql, given: NewConversion[]): Promise<Map<string, Place>> {
  const named = given.filter(one => namesOf(one).length > 0)
  if (named.length === 0) return new Map()
  const rows = await sql<(Named & { id: number })[]>`
    select n.workspace_id, n.id, n.type, n.order_id, n.booking_id, n.appointment_id
      from jsonb_to_recordset(${JSON.stringify(named)}::text::jsonb)
        as g(workspace_id int, type text, order_id text, booking_id text, appointment_id bigint)
     cross join lateral (
           select * from conversions n where n.workspace_id = g.workspace_id and n.order_id = g.order_id
            union all
           select * from conversions n where n.workspace_id = g.workspace_id and n.type = g.type and n.booking_id = g.booking_id
            union all
           select * from conversions n where n.workspace_id = g.workspace_id and n.type = g.type and n.appointment_id = g.appointment_id) n`
  return new Map(rows.flatMap(row => namesOf(row).map(name => [name, { id: row.id }] as const)))
}

async function insert(sql: postgres.TransactionSql, fresh: NewConversion[], actor: Actor): Promise<Image[]> {
  if (fresh.length === 0) return []
  const rows = fresh.map(({ event, lead_id, ...one }, n) => ({
    ...one,
    ...event,
    n,
    lead_id: lead_id ?? null,
    any_lead: lead_id === undefined,
  }))
  const images = await sql<Image[]>`
    with n as (
      insert into conversions (workspace_id, contact_id, visitor_id, lead_id, type, value, currency, source, order_id, booking_id, appointment_id,
                               event_id, is_test, converted_by, converted_at, data)
      select g.workspace_id, case when g.contact_id is not null then coalesce(l.contact_id, g.contact_id) end, g.visitor_id, l.id,
             g.type, round(g.value, 2), coalesce(g.currency, w.currency), g.source, g.order_id, g.booking_id,
             g.appointment_id, e.id, g.is_test or coalesce(l.is_test, false), ${JSON.stringify(actor)}::text::jsonb,
             coalesce(g.converted_at, to_timestamp(g.occurred_at / 1000.0), now()), g.data
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
          as g(n int, workspace_id int, contact_id int, visitor_id bigint, lead_id bigint, any_lead boolean, type text, value numeric,
               currency text, source text, order_id text, booking_id text, appointment_id bigint, message_id text, occurred_at float8,
               is_test boolean, converted_at timestamptz, data jsonb)
        join workspaces w on w.id = g.workspace_id
        left join visitors v on v.workspace_id = g.workspace_id and v.id = g.visitor_id
        left join lateral (
             select e.id
               from events e
              where e.workspace_id = g.workspace_id and e.visitor_id = g.visitor_id
                and e.occurred_at = to_timestamp(g.occurred_at / 1000.0) and e.message_id = g.message_id
              order by e.id desc
              limit 1) e on true
       cross join lateral (select coalesce(g.contact_id, v.contact_id) as contact_id offset 0) o
        left join lateral (${leadOf(sql)}) l on true
       order by g.n
      returning *
    )
    select ${imageColumns(sql)}
      from n
      left join contacts c on c.workspace_id = n.workspace_id and c.id = n.contact_id
      left join visitors v on v.workspace_id = n.workspace_id and v.id = n.visitor_id
     order by n.id`
  return [...images]
}

/**
 * The lead that is named, or else the open one of the contact (and of those that are part of it), if it is the only one: of two nobody
 * can say which was won. With the contact that the lead names, so that both go the same way when a merge is undone. `o` says whose the
 * conversion is, in one column: behind row level security an index takes no `coalesce`.
 */
function leadOf(sql: postgres.TransactionSql) {
  return sql`
             select l.id, l.contact_id, l.is_test
               from leads l
              where l.workspace_id = g.workspace_id and l.id = g.lead_id
              union all
             select min(l.id), min(l.contact_id), false
               from (select l.id, l.contact_id
                       from (select o.contact_id as id
                              union all
                             select c.id
                               from contacts c
                              where c.workspace_id = g.workspace_id and c.merged_into = o.contact_id) c
                       join leads l on l.workspace_id = g.workspace_id and l.contact_id = c.id and l.kind = 'open' and not l.is_test
                      where g.any_lead
                      limit 2) l
             having count(*) = 1`
}

function created(image: Image, { order_id, booking_id, appointment_id, source, data }: NewConversion, actor: Actor) {
  const { workspace_id, id, contact_id, visitor_id, lead_id, type, currency, converted_at } = image
  const is_test = !image.counts
  const funnel = typeof data.funnel_id === 'string' ? { funnel_id: data.funnel_id } : {}
  const after = {
    type,
    value: Number(image.value),
    currency,
    order_id,
    booking_id,
    lead_id,
    source,
    is_test,
    converted_at,
    ...(appointment_id && { appointment_id }),
    ...funnel,
  }
  return { workspace_id, action: 'conversion.created', actor, contact_id, visitor_id, subject_id: id, before: null, after }
}
