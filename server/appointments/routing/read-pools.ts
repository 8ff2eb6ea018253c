import type postgres from 'postgres'
import type { Member, Pool } from './choose.ts'

export type Desk = {
  workspace_id: number
  /** Of the workspace's zone: the day and the Monday that caps are counted by. */
  today: string
  monday: string
  /** In µs; raised by one with every choice, so that of two the later is later. */
  now: number
  pools: Map<number, Pool>
}

type Row = Omit<Desk, 'pools'> & {
  pools: { id: number; strategy: Pool['strategy']; members: Omit<Member, 'given'>[] | null }[] | null
}

/**
 * These pools as they stand, in one statement. The caller holds the lock of routing, and the clock is read behind it, so the last one of who was
 * chosen before is always earlier. Who left the workspace is left out. Open appointments are counted only where somebody asks for them.
 */
export async function readPools(sql: postgres.TransactionSql, workspace_id: number, pool_ids: number[]): Promise<Desk> {
  const [row] = await sql<Row[]>`
    select w.id as workspace_id, d.today::text, d.monday::text, (extract(epoch from clock_timestamp()) * 1000000)::bigint as now,
           (select json_agg(json_build_object('id', p.id, 'strategy', p.strategy, 'members', (
                     select json_agg(json_build_object(
                              'user_id', m.user_id, 'weight', m.weight, 'priority', m.priority, 'turn', m.turn,
                              'cap_day', m.cap_day, 'cap_week', m.cap_week, 'cap_open', m.cap_open,
                              'today', case when m.day = d.today then m.assigned_day else 0 end,
                              'week', case when m.week = d.monday then m.assigned_week else 0 end,
                              'open', case when p.strategy = 'least_loaded' or m.cap_open is not null then (
                                        select count(*)
                                          from appointments a
                                         where a.workspace_id = m.workspace_id and a.assigned_to = m.user_id
                                           and a.status in ('pending', 'scheduled', 'confirmed', 'rescheduled')) else 0 end,
                              'last', (extract(epoch from m.last_at) * 1000000)::bigint) order by m.user_id)
                       from pool_members m
                       join memberships s on s.workspace_id = m.workspace_id and s.user_id = m.user_id
                      where m.workspace_id = p.workspace_id and m.pool_id = p.id)))
              from pools p
             where p.workspace_id = w.id and p.id = any(${pool_ids}::int[])) as pools
      from workspaces w
     cross join lateral (
             select local::date as today, date_trunc('week', local)::date as monday
               from (select clock_timestamp() at time zone w.time_zone as local) l) d
     where w.id = ${workspace_id}`
  const pools = (row!.pools ?? []).map(({ members, ...pool }) => ({ ...pool, members: (members ?? []).map(unchosen) }))
  return { ...row!, pools: new Map(pools.map(pool => [pool.id, pool])) }
}

function unchosen(member: Omit<Member, 'given'>): Member {
  return { ...member, given: 0 }
}

/** Turns move for everybody in a pool that chose, the rest for whom it chose. */
export async function writePools(sql: postgres.TransactionSql, { workspace_id, today, monday, pools }: Desk): Promise<void> {
  const rows = [...pools.values()]
    .filter(pool => pool.members.some(member => member.given > 0))
    .flatMap(pool => pool.members.map(member => ({ ...member, pool_id: pool.id })))
  if (rows.length === 0) return
  await sql`
    update pool_members m
       set turn = g.turn, assigned = m.assigned + g.given, assigned_day = g.today, day = ${today}, assigned_week = g.week, week = ${monday},
           last_at = case when g.given > 0 then to_timestamp(g.last / 1000000.0) else m.last_at end
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as g(pool_id int, user_id int, turn int, given int, today int, week int, last bigint)
     where m.workspace_id = ${workspace_id} and m.pool_id = g.pool_id and m.user_id = g.user_id`
}
