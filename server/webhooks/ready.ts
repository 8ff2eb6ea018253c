import type postgres from 'postgres'
import { endpointsOf, type Place, workspacesOf } from './turns.ts'

/** A delivery whose time has come, with what is sent: null when the message is not there any more. */
export type Ready = {
  id: number
  message_id: string
  /** Attempts made so far: of this round, and of all. */
  attempt: number
  attempts: number
  payload: string | null
  contact_id: number | null
  created_at: Date | null
}

export type Position = { run_at: string; id: number }

export type Wish = Place & {
  limit: number
  /** Where the last page ended; null: from the beginning. */
  after: Position | null
}

/** `is_full`: there may be more. */
export type PageRead = { ready: Ready[]; last: Position | null; is_full: boolean }

/**
 * The next deliveries of many endpoints, the earliest first, in one statement: for each no more than it wishes, and no more than so
 * many bytes of payload, but for the last one. The pages come in the order of the wishes.
 */
export async function readReady(sql: postgres.Sql, wishes: readonly Wish[], bytes: number): Promise<PageRead[]> {
  const rows = await sql<(Ready & { run_at: string; place: number; so_far: number })[]>`
    select w.place::int, page.*
      from unnest(${workspacesOf(wishes)}::int[], ${endpointsOf(wishes)}::int[], ${wishes.map(wish => wish.limit)}::int[],
                  ${wishes.map(wish => wish.after?.run_at ?? '-infinity')}::text[], ${wishes.map(wish => wish.after?.id ?? 0)}::bigint[])
             with ordinality as w (workspace_id, endpoint_id, most, run_at, id, place)
     cross join lateral (
             select d.id, d.message_id, d.attempt, d.attempts, d.run_at::text, m.payload, m.contact_id, m.created_at,
                    coalesce(sum(octet_length(m.payload)) over (order by d.run_at, d.id rows unbounded preceding), 0)::int8 as so_far
               from (
                 select *
                   from deliveries
                  where workspace_id = w.workspace_id and endpoint_id = w.endpoint_id and state = 'queued' and run_at <= now()
                    and (run_at, id) > (w.run_at::timestamptz, w.id)
                  order by run_at, id
                  limit w.most) as d
               left join webhook_messages m on m.workspace_id = d.workspace_id and m.id = d.message_id) as page
     where page.so_far - coalesce(octet_length(page.payload), 0) < ${bytes}
     order by w.place, page.so_far`
  const pages = wishes.map((): PageRead => ({ ready: [], last: null, is_full: false }))
  for (const { place, run_at, so_far, ...ready } of rows) {
    const page = pages[place - 1]!
    page.ready.push(ready)
    page.last = { run_at, id: ready.id }
    page.is_full = page.ready.length === wishes[place - 1]!.limit || so_far >= bytes
  }
  return pages
}
