import { Refusal } from '../errors.ts'

/** A result on stdout: one JSON value for programs, lines for people. */
export function say(result: Record<string, unknown>, json: boolean | undefined) {
  if (json) return console.log(JSON.stringify(result))
  const width = Math.max(...Object.keys(result).map(name => name.length))
  for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(width)}  ${inWords(value)}`)
}

/** Everything that is not the result goes to stderr. */
export function note(line: string) {
  console.error(line)
}

export function reasonOf(error: unknown): string {
  if (error instanceof Refusal)
    return [error.message, ...Object.entries(error.fields ?? {}).map(field => field.join(' '))].join('\n')
  if (!(error instanceof Error)) return String(error)
  // A refused connection to several addresses has no message of its own.
  if (error instanceof AggregateError && !error.message) return error.errors.map(reasonOf).join('; ')
  return error.message || error.name
}

/** Rows as a table: numbers to the right, as wide as its first rows need. */
export function tableRows(rows: Record<string, unknown>[], columns: { name: string; right: boolean; width: number }[]): string[] {
  return rows.map(row =>
    columns
      .map(({ name, right, width }) => cell(inWords(row[name]), width, right))
      .join('  ')
      .trimEnd(),
  )
}

export function cell(text: string, width: number, right: boolean) {
  return right ? text.padStart(width) : text.padEnd(width)
}

export function inWords(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
