import type postgres from 'postgres'
import type { BookingHold, BookingHoldCreate } from '../../../shared/booking.ts'
import type { Sql } from '../../database/connect.ts'
import { lockIdentity } from '../../database/transaction.ts'
import { sameText } from '../../workspaces/secrets.ts'
import { holdSlot } from '../hold.ts'
import { MINUTE } from '../slots/zone.ts'
import { CUSTOMER } from './actor.ts'
import { freeHosts, offerOf, proposed } from './hosts.ts'
import { manageToken, readManageToken } from './manage-token.ts'
import type { Page } from './pages.ts'
import { gone, unlessGone } from './unless-gone.ts'

/**
 * Keeps a slot free for a customer who is filling in the form. What they held before is given back. `key` proves the token, which is nowhere
 * stored. Throws `slot_taken` with what is free instead.
 */
export async function holdForCustomer(
  sql: postgres.TransactionSql,
  page: Page,
  { starts_at, hold_token }: BookingHoldCreate,
  key: Buffer,
): Promise<BookingHold> {
  const { workspace_id, type } = page
  if (hold_token !== undefined) await giveBack(sql, page, hold_token, key)
  const offer = await offerOf(sql, page)
  const free = await freeHosts(sql, page, offer, starts_at)
  const assigned_to = await proposed(sql, page, free, starts_at)
  if (assigned_to === undefined) throw await gone(sql, offer, starts_at)
  const slot = { type: type.key, scheduled_at: starts_at, assigned_to }
  const held = await unlessGone(sql, offer, starts_at, () => holdSlot(sql, workspace_id, slot, CUSTOMER))
  const [row] = await sql<
    { uid: string }[]
  >`select uid from appointments where workspace_id = ${workspace_id} and id = ${held.id}`
  return {
    hold_token: manageToken(key, { workspace_id, id: held.id, uid: row!.uid }),
    starts_at: held.scheduled_at,
    ends_at: new Date(Date.parse(held.scheduled_at) + held.duration_minutes * MINUTE).toISOString(),
    expires_at: held.held_until,
  }
}

async function giveBack(sql: postgres.TransactionSql, page: Page, hold_token: string, key: Buffer) {
  const { workspace_id } = page
  await lockIdentity(sql, [workspace_id])
  const held = await findHold(sql, page, hold_token, key)
  if (held) await sql`delete from appointments where workspace_id = ${workspace_id} and id = ${held.id} and status = 'held'`
}

export type HeldSlot = { id: number; uid: string; starts_at: string; assigned_to: number }

/** What a token holds at this page, also when it ran out and is not swept yet; undefined when there is nothing any more. */
export async function findHold(sql: Sql, page: Page, token: string | undefined, key: Buffer): Promise<HeldSlot | undefined> {
  const named = token === undefined ? undefined : readManageToken(token)
  if (named?.workspace_id !== page.workspace_id) return undefined
  const [row] = await sql<(Omit<HeldSlot, 'starts_at'> & { scheduled_at: Date })[]>`
    select id, uid, scheduled_at, assigned_to
      from appointments
     where workspace_id = ${page.workspace_id} and id = ${named.id} and status = 'held' and type = ${page.type.key}
       and assigned_to is not null`
  if (!row || !sameText(token!, manageToken(key, { ...named, uid: row.uid }))) return undefined
  const { scheduled_at, ...held } = row
  return { ...held, starts_at: scheduled_at.toISOString() }
}
