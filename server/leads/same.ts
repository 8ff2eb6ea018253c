/** The driver gives times as Date and money as text. */
export function same(was: unknown, is: unknown): boolean {
  if (was instanceof Date) return is !== null && was.getTime() === new Date(is as string | Date).getTime()
  if (typeof was === 'string' && typeof is === 'number') return Number(was) === is
  return JSON.stringify(sorted(was ?? null)) === JSON.stringify(sorted(is ?? null))
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}
