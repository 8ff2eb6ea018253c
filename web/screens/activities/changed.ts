export type Facts = Record<string, unknown> | null

/** The name stands beside it, or it is said where it leads. */
const UNSAID = new Set(['id', 'segment_id', 'tag_id'])

/** The fields that are others now. A flag of ours that begins with no, such as whether it is a test, says nothing; a no that somebody said does. */
export function changed(before: NonNullable<Facts>, after: NonNullable<Facts>): string[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const from = (field: string) =>
    JSON.stringify(before[field] ?? (field.startsWith('is_') && after[field] === false ? false : null))
  return fields.filter(field => !UNSAID.has(field) && from(field) !== JSON.stringify(after[field] ?? null))
}

const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/

/** Whole, as the server writes it: what somebody wrote that only begins like a time is text. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value))
}
