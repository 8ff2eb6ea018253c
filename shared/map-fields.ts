import { readPath } from './read-path.ts'
import type { FieldMap } from './webhooks.ts'

/**
 * The body in the words of whoever receives it: each name of the map gets what stands at its path, or its constant; what is
 * missing is null. Dots in a name make objects, and names 0, 1, 2 ... without a gap an array. Without a map the body as it is.
 */
export function mapFields(payload: object, field_map: FieldMap | null): object {
  if (field_map === null) return payload
  const root: Branch = new Map()
  // Sorted, so that what is sent does not depend on the order in which the database keeps keys: `a` comes before `a.b` and gives way.
  for (const [name, source] of Object.entries(field_map).sort(([one], [other]) => (one < other ? -1 : 1))) {
    put(root, name.split('.'), typeof source === 'string' ? (readPath(payload, source) ?? null) : source.constant)
  }
  return Object.fromEntries([...root].map(([name, value]) => [name, grow(value)]))
}

/** Maps, because a name may be any text: `__proto__` is one among others. */
type Branch = Map<string, unknown>

function put(root: Branch, path: string[], value: unknown) {
  let branch = root
  for (const name of path.slice(0, -1)) {
    const known = branch.get(name)
    const next: Branch = known instanceof Map ? known : new Map()
    branch.set(name, next)
    branch = next
  }
  branch.set(path.at(-1)!, value)
}

function grow(value: unknown): unknown {
  if (!(value instanceof Map)) return value
  const entries = [...(value as Branch)].map(([name, inner]) => [name, grow(inner)] as const)
  const is_array = entries.every((_, index) => value.has(String(index)))
  return is_array ? entries.map((_, index) => grow(value.get(String(index)))) : Object.fromEntries(entries)
}
