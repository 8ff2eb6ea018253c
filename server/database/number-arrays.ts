/**
 * Arrays of numbers as PostgreSQL writes them itself. The driver quotes and escapes each element, for which it was the larger part of
 * the work of sending a column of a batch.
 */
export const numberArrays = {
  smallints: arraysOf(1005),
  integers: arraysOf(1007),
  bigints: arraysOf(1016),
  doubles: arraysOf(1022),
}

function arraysOf(oid: number) {
  return { to: oid, from: [oid], parse: read, serialize: write }
}

function read(text: string): (number | null)[] {
  if (!/^\{[^{]*$/.test(text))
    throw new TypeError(`Only a flat array of numbers that begins at 1 can be read: ${text.slice(0, 100)}`)
  if (text === '{}') return []
  const elements = text.slice(1, -1).split(',')
  return elements.map(element => (element === 'NULL' ? null : Number(element)))
}

function write(values: unknown): unknown {
  return Array.isArray(values) ? `{${values.map(textOf).join()}}` : values
}

/**
 * What is no number is quoted, so that the database says what it thinks of it. Nothing is thrown here: the driver never comes back from that when
 * the statement is a known one.
 */
function textOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value === null) return 'null'
  return Array.isArray(value) ? String(write(value)) : `"${String(value).replace(/["\\]/g, '\\$&')}"`
}
