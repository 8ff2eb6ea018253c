import type { Sql } from '../database/connect.ts'

/** Where a worker has come on its round: after which tenant, and in each tenant after which key. */
export type Turn = { tenant: number; keys: Map<number, string> }

type Wish = { queue: string; limit: number }
type Key = { workspace_id: number; key: string }

export function firstTurn(): Turn {
  return { tenant: 0, keys: new Map() }
}

/** For one claim, at most so many keys are looked at (some 5 ms), of at least so many tenants. */
const KEYS = 300
const TENANTS = 30

/**
 * The keys with something queued whose turn it is, and moves the turn on. Every tenant comes after at most all the others, and in each
 * tenant every key: nobody waits for a neighbour who has more of them.
 */
export async function keysInTurn(sql: Sql, wish: Wish, turn: Turn): Promise<Key[]> {
  const keys = await moveOn(sql, wish, turn)
  return keys.length > 0 ? keys : moveOn(sql, wish, turn) // the end was reached exactly, and this is the beginning
}

async function moveOn(sql: Sql, { queue, limit }: Wish, turn: Turn): Promise<Key[]> {
  const most = Math.max(TENANTS, limit)
  const rows = await sql<{ workspace_id: number; key: string | null }[]>`
    with recursive tenants as (
      (select workspace_id
         from jobs
        where queue = ${queue} and state = 'queued' and workspace_id > ${turn.tenant}
        order by workspace_id
        limit 1)
      union all
      select next.workspace_id
        from tenants
       cross join lateral (
         select workspace_id
           from jobs
          where queue = ${queue} and state = 'queued' and workspace_id > tenants.workspace_id
          order by workspace_id
          limit 1) as next
    ), tenant as materialized (
      select workspace_id from tenants limit ${most}
    )
    select tenant.workspace_id, found.key
      from tenant
      left join unnest(${[...turn.keys.keys()]}::int[], ${[...turn.keys.values()]}::text[]) as last (workspace_id, key) using (workspace_id)
      left join lateral (
        with recursive keys as (
          (select key
             from jobs
            where queue = ${queue} and state = 'queued' and workspace_id = tenant.workspace_id and key > coalesce(last.key, '')
            order by key
            limit 1)
          union all
          select next.key
            from keys
           cross join lateral (
             select key
               from jobs
              where queue = ${queue} and state = 'queued' and workspace_id = tenant.workspace_id and jobs.key > keys.key
              order by key
              limit 1) as next
        )
        select key from keys limit greatest(${KEYS} / (select count(*) from tenant), 1)) as found on true
     order by tenant.workspace_id, found.key`
  const keys = rows.flatMap(({ workspace_id, key }) => (key === null ? [] : [{ workspace_id, key }]))
  const tenants = [...new Set(rows.map(row => row.workspace_id))]
  // Whoever came to the end begins again.
  turn.tenant = tenants.length < most ? 0 : tenants.at(-1)!
  for (const workspace_id of tenants) {
    const own = keys.filter(key => key.workspace_id === workspace_id)
    if (own.length < Math.max(Math.floor(KEYS / tenants.length), 1)) turn.keys.delete(workspace_id)
    else turn.keys.set(workspace_id, own.at(-1)!.key)
  }
  return keys
}
