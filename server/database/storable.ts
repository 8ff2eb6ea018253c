/** In JSON text: what PostgreSQL cannot store, NUL and halves of surrogate pairs. */
export const UNSTORABLE = /\\u(0000|d[89a-f])/i

/** Below this nesting nothing is stored, so nothing has to be mended there. */
const DEEPEST = 40

/** The same value with U+FFFD where something stood that PostgreSQL cannot store. */
export function storable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').toWellFormed()
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value
  if (Array.isArray(value)) return value.map(item => storable(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [storable(key, depth) as string, storable(item, depth + 1)]),
  )
}
