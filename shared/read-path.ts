/**
 * What stands at a path such as `data.items.0.sku`: names by dots, arrays by index; a name that has dots itself is found as the
 * rest of a path. Undefined when there is nothing. Only what the value has of its own is seen, so `constructor` is nothing.
 */
export function readPath(value: unknown, path: string): unknown {
  let at = value
  let rest = path
  for (;;) {
    if (typeof at !== 'object' || at === null) return undefined
    if (Object.hasOwn(at, rest)) return (at as Record<string, unknown>)[rest]
    const dot = rest.indexOf('.')
    const name = rest.slice(0, dot)
    if (dot < 0 || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
    rest = rest.slice(dot + 1)
  }
}
