import type { Person } from '../../../contacts/match.ts'
import { traitsOf } from '../../../intake/consider.ts'
import type { LeadSays } from './read-lead.ts'

/** Whom a row names, as lead intake understands it: of the address, what the lead says of itself. */
export function personOf({ values, details, contact_id }: LeadSays, workspace_id: number, at: number): Person {
  const said = Object.entries(details).flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const]))
  const all = { ...Object.fromEntries(said), ...values } as Record<string, string>
  const { email = null, phone = null, user_id = null } = all
  return { workspace_id, scope: '', email, phone, user_id, id: contact_id, traits: traitsOf(all), at }
}
