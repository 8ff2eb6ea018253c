import type postgres from 'postgres'
import { sendAsMade } from '../database/transaction.ts'
import type { VisitorNumbers } from '../visitors/number.ts'
import { joinContact, recognize } from './join.ts'
import { addVisitor, readPeople, readWorlds } from './read.ts'
import { writeWorlds } from './write.ts'

/** Somebody said, outside of events, that a distinct_id and a contact are one: a lead that carries the id of the tracker. */
export type ContactClaim = {
  workspace_id: number
  distinct_id: string
  contact_id: number
  /** In ms. */
  occurred_at: number
  message_id: string
  /** It is an id of the customer's own application, out of an import: no tracker's. */
  is_user?: boolean
}

/**
 * Joins the visitors with the contacts, through the one guard: what it refuses is logged and suggested, and a distinct_id that nobody
 * has seen yet is there from now on. The caller holds the identity lock of the workspaces, and the contacts are stored.
 */
export async function joinContacts(sql: postgres.TransactionSql, numbers: VisitorNumbers, claims: ContactClaim[]): Promise<void> {
  if (claims.length === 0) return
  const worlds = await readWorlds(sql, claims, [...new Set(claims.map(claim => claim.workspace_id))])
  const isUnseen = ({ workspace_id, distinct_id }: ContactClaim) => !worlds.get(workspace_id)!.visitors.has(distinct_id)
  const next = await numbers.take(sql, claims.filter(isUnseen).length)
  for (const claim of claims) {
    if (isUnseen(claim)) addVisitor(worlds.get(claim.workspace_id)!, next(), claim.distinct_id, claim.occurred_at)
  }
  const nothing = { user_id: null, anonymous_id: null, previous_id: null, given: null, reason: 'form' as const }
  await readPeople(
    sql,
    worlds,
    claims.map(claim => ({ ...claim, ...nothing })),
  )
  for (const { workspace_id, distinct_id, contact_id, occurred_at, message_id, is_user = false } of claims) {
    const world = worlds.get(workspace_id)!
    const visitor = world.visitors.get(distinct_id)!
    if (is_user) recognize(world, visitor, 'user')
    const contact = world.contacts.get(world.keys.get(`contact:${contact_id}`) ?? contact_id)
    if (contact) joinContact(world, visitor, contact, { reason: is_user ? 'import' : 'form', message_id, occurred_at })
  }
  await sendAsMade(writeWorlds(sql, [...worlds.values()]))
}
