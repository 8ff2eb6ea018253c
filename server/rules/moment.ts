/** A time as the database takes it, also of a day that its month does not have; undefined for what is none. */
export function momentOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d/.test(text)) return undefined
  const ms = Date.parse(text)
  return ms > EARLIEST && ms < LATEST ? new Date(ms).toISOString() : undefined
}

const EARLIEST = Date.UTC(1000, 0, 1)
const LATEST = Date.UTC(9999, 0, 1)
