/** What both sides share. Whose it is, notes inside, and what it is worth there, are each side's own. */
const SHARED = [
  'scheduled_at', 'duration_minutes', 'time_zone', 'place', 'location', 'status', 'outcome', 'next_step', 'next_step_at', 'cancel_reason',
  'customer_notes',
] as const // biome-ignore format: one word after the other

export type Shared = Partial<Record<(typeof SHARED)[number], unknown>>

/** What an activity says that concerns the other side. */
export function sharedOf(after: unknown): Shared {
  if (typeof after !== 'object' || after === null) return {}
  return Object.fromEntries(Object.entries(after).filter(([name]) => (SHARED as readonly string[]).includes(name)))
}
