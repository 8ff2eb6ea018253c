import type { Actor } from '../../../shared/shape.ts'

/** Somebody who has no account here. */
export const CUSTOMER: Actor = { kind: 'customer', id: null, name: null }

export function customer(first_name: string, last_name: string | null | undefined): Actor {
  const name = [first_name, last_name ?? '']
    .map(part => part.trim())
    .filter(Boolean)
    .join(' ')
  return { ...CUSTOMER, name: name || null }
}
