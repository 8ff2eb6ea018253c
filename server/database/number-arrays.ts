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
  return {
    to: oid,
    from: [oid],
    parse: (text: string) =>
      (text === '{}' ? [] : text.slice(1, -1).split(',')).map(one => (one === 'NULL' ? null : Number(one))),
    serialize: (values: unknown) => (Array.isArray(values) ? `{${values.map(textOf).join()}}` : values),
  }
}

function textOf(value: unknown): string {
  if (value === undefined) throw new TypeError('An array for the database holds undefined: write null where there is nothing.')
  return String(value ?? 'null')
}
