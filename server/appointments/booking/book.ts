import type postgres from 'postgres'
import type { BookingCreate } from '../../../shared/booking.ts'
import { lockIdentity } from '../../database/transaction.ts'
import { refuse } from '../../errors.ts'
import { joinContacts } from '../../identity/join-contacts.ts'
import type { VisitorNumbers } from '../../visitors/number.ts'
import { bookAppointment, UNKNOWN_ZONE } from '../book.ts'
import { bookHeld } from '../hold.ts'
import { isTimeZone } from '../local-time.ts'
import { findWhose } from '../whose.ts'
import { customer } from './actor.ts'
import { findHold } from './holds.ts'
import { chosen, freeHosts, offerOf, taken, tellHost } from './hosts.ts'
import type { Offer } from './offer.ts'
import type { Page } from './pages.ts'
import { gone, unlessGone } from './unless-gone.ts'

/**
 * Books what a customer holds, or one of the slots. The contact is found or made by the e-mail and the phone; a `distinct_id` joins that
 * visitor's history, through the one guard. Returns its id. Throws `slot_taken` with what is free instead, and `invalid_fields`.
 */
export async function bookForCustomer(
  sql: postgres.TransactionSql,
  page: Page,
  given: BookingCreate,
  { key, numbers }: { key: Buffer; numbers: VisitorNumbers },
): Promise<number> {
  requireSensible(given)
  const { hold_token, starts_at: wanted_at, first_name, last_name, email, phone, distinct_id, website: _, ...told } = given
  const { workspace_id, type } = page
  const actor = customer(first_name, last_name)
  if (hold_token !== undefined) await lockIdentity(sql, [workspace_id])
  const held = await findHold(sql, page, hold_token, key)
  const starts_at = held?.starts_at ?? wanted_at
  const offer = await offerOf(sql, page)
  if (starts_at === undefined) throw await nothingWanted(sql, offer, hold_token)
  const free = held ? [held.assigned_to] : await freeHosts(sql, page, offer, starts_at)
  if (free.length === 0) throw await gone(sql, offer, starts_at)
  const who = { first_name, last_name: last_name ?? null, email, phone: phone ?? null }
  const { contact_id, owner_id, lead } = await findWhose(sql, workspace_id, who, actor)
  const wanted = { starts_at, owner_id }
  const host = held
    ? await taken(sql, page, held.assigned_to, wanted, actor)
    : await chosen(sql, page, offer, free, wanted, actor)
  if (!host) throw await gone(sql, offer, starts_at)
  const whose = { ...told, contact_id, lead_id: lead?.id ?? null }
  const { reason, decision_id } = host.decision ?? {}
  const how = { is_customer: true, ...(reason && { reason }), ...(decision_id && { details: { decision_id } }) }
  const time = { type: type.key, scheduled_at: starts_at, assigned_to: host.user_id }
  const id = await unlessGone(sql, offer, starts_at, () =>
    held
      ? bookHeld(sql, workspace_id, held.id, whose, actor, how)
      : bookAppointment(sql, workspace_id, { ...whose, ...time }, actor, how),
  )
  await tellHost(sql, workspace_id, host, { appointment_id: id, contact_id }, actor)
  if (distinct_id !== undefined) {
    const message_id = `appointment ${id}`
    await joinContacts(sql, numbers, [{ workspace_id, distinct_id, contact_id, occurred_at: Date.now(), message_id }])
  }
  return id
}

function requireSensible({ website, first_name, time_zone }: BookingCreate) {
  const fields: Record<string, string> = {}
  if (website) fields.website = 'must be empty: people do not see this field'
  if (first_name.trim() === '') fields.first_name = 'is required'
  if (!isTimeZone(time_zone)) fields.time_zone = UNKNOWN_ZONE
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
}

async function nothingWanted(sql: postgres.TransactionSql, offer: Offer, hold_token: string | undefined) {
  if (hold_token !== undefined) return gone(sql, offer, new Date().toISOString())
  return refuse('invalid_fields', { fields: { starts_at: 'is required, or a hold_token' } })
}
