import type postgres from 'postgres'
import { Refusal, refuse } from '../../errors.ts'
import { nextTo, type Offer } from './offer.ts'

/**
 * Runs `work`; a time that is taken is refused with what is free now, without who works here. So is one whose person left or stopped
 * working meanwhile: to a customer it is the same.
 */
export async function unlessGone<T>(
  sql: postgres.TransactionSql,
  offer: Offer,
  starts_at: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code !== 'slot_taken' && error.fields?.assigned_to === undefined) throw error
    throw await gone(sql, offer, starts_at)
  }
}

/** The refusal of a time that is not offered, or not any more. */
export async function gone(sql: postgres.TransactionSql, offer: Offer, starts_at: string): Promise<Refusal> {
  return refuse('slot_taken', { slots: await nextTo(sql, offer, starts_at) })
}
