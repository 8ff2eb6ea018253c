import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import type { Sql } from '../../database/connect.ts'
import { lockIdentity } from '../../database/transaction.ts'
import { capOf } from '../routing/choose.ts'
import { chooseHost, type HostWanted, proposeHost, takeHost } from '../routing/choose-host.ts'
import { lockRouting } from '../routing/lock.ts'
import { readPools } from '../routing/read-pools.ts'
import { type Decision, tellRouted } from '../routing/store.ts'
import { peopleToBook } from '../slots/people.ts'
import { whoIsFree } from '../slots/who-is-free.ts'
import { type Offer, offeredAt, whoIsOffered } from './offer.ts'
import type { Page } from './pages.ts'

/** Who gets what a customer books: whom the type's pool chooses; without a pool, the contact's owner, or who has the fewest. */
export type Host = { user_id: number; decision: Decision | null }

type Wanted = { starts_at: string; owner_id: number | null }

/** What the page offers. Of a pool, those who may be given more: a time that nobody could get is not shown. */
export async function offerOf(sql: postgres.TransactionSql, { workspace_id, type }: Page): Promise<Offer> {
  const { pool_id } = type
  if (pool_id === null) return { workspace_id, user_ids: await peopleToBook(sql, workspace_id, {}), kind: type }
  const { pools } = await readPools(sql, workspace_id, [pool_id])
  const members = pools.get(pool_id)?.members ?? []
  return { workspace_id, user_ids: members.filter(one => capOf(one) === null).map(one => one.user_id), kind: type }
}

/**
 * Who is free then, if it is one of the slots; behind the locks in their order, so it holds until the commit. What is taken already is seen
 * before anybody is locked: a thousand who want the same slot do not hold up what else happens in the workspace.
 */
export async function freeHosts(sql: postgres.TransactionSql, page: Page, offer: Offer, starts_at: string): Promise<number[]> {
  if ((await offeredAt(sql, offer, starts_at)).length === 0) return []
  await lockIdentity(sql, [page.workspace_id])
  if (page.type.pool_id !== null) await lockRouting(sql, [page.workspace_id])
  return whoIsOffered(sql, offer, starts_at)
}

/** For a slot that is only held: nothing is counted. Undefined: nobody can. */
export async function proposed(sql: postgres.TransactionSql, page: Page, free: number[], starts_at: string) {
  const { workspace_id, type } = page
  if (type.pool_id === null) return leastBooked(sql, workspace_id, free)
  const wanted = wantedOf(page, { starts_at, owner_id: null })
  return (await proposeHost(sql, workspace_id, type.pool_id, wanted, free)).user_id ?? undefined
}

/** Counted, and with a decision that says why. Undefined: nobody can. */
export async function chosen(
  sql: postgres.TransactionSql,
  page: Page,
  offer: Offer,
  free: number[],
  wanted: Wanted,
  actor: Actor,
): Promise<Host | undefined> {
  const { workspace_id, type } = page
  if (type.pool_id === null) {
    const owner = free.find(user_id => user_id === wanted.owner_id)
    const user_id = owner ?? (await leastBooked(sql, workspace_id, free))
    return user_id === undefined ? undefined : { user_id, decision: null }
  }
  const { duration_minutes, before_minutes, after_minutes, notice_minutes: notice } = type
  const meeting = { scheduled_at: wanted.starts_at, duration_minutes, before_minutes, after_minutes, notice }
  const why_not = await whoIsFree(sql, workspace_id, offer.user_ids, meeting)
  const decision = await chooseHost(sql, workspace_id, type.pool_id, wantedOf(page, wanted), free, actor, why_not)
  return decision.user_id === null ? undefined : { user_id: decision.user_id, decision }
}

/** Whoever it was held for has it. */
export async function taken(
  sql: postgres.TransactionSql,
  page: Page,
  user_id: number,
  wanted: Wanted,
  actor: Actor,
): Promise<Host> {
  const { workspace_id, type } = page
  if (type.pool_id === null) return { user_id, decision: null }
  return { user_id, decision: await takeHost(sql, workspace_id, type.pool_id, user_id, wantedOf(page, wanted), actor) }
}

/** The decision says of which appointment it is. */
export async function tellHost(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { decision }: Host,
  appointment: { appointment_id: number; contact_id: number },
  actor: Actor,
) {
  if (decision !== null) await tellRouted(sql, workspace_id, [{ decision, ...appointment }], actor)
}

function wantedOf({ type }: Page, { starts_at, owner_id }: Wanted): HostWanted {
  return { owner_id, scheduled_at: starts_at, duration_minutes: type.duration_minutes, type: type.key }
}

/** Of those who are free, who has the fewest still to come. */
export async function leastBooked(sql: Sql, workspace_id: number, user_ids: number[]): Promise<number | undefined> {
  const [row] = await sql<{ user_id: number }[]>`
    select u.id as user_id
      from unnest(${user_ids}::int[]) as u(id)
     order by (
             select count(*)
               from appointments a
              where a.workspace_id = ${workspace_id} and a.assigned_to = u.id and a.scheduled_at > now()
                and a.status in ('held', 'pending', 'scheduled', 'confirmed', 'rescheduled')), u.id
     limit 1`
  return row?.user_id
}
