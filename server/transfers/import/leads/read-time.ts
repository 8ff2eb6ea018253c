import { type DayOrder, readDay } from '../../../fields/values.ts'

/** A time as ISO writes it, or a day in the order of the file with or without a time behind it. Without a zone it is UTC, as in the store. */
export function readTime(cell: unknown, days: DayOrder | null): { value: string } | { wrong: string } {
  const text = typeof cell === 'string' ? cell.trim() : ''
  const iso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*([Zz]|[+-]\d\d:?\d\d)$/.test(text) ? new Date(text) : undefined
  const at = iso ?? byDay(text, days)
  return at && !Number.isNaN(at.getTime())
    ? { value: at.toISOString() }
    : { wrong: 'must be a time such as 2026-03-31T09:30:00Z' }
}

function byDay(text: string, days: DayOrder | null): Date | undefined {
  const day = readDay(text, days ?? undefined)
  if (day === undefined) return undefined
  const [, hours = '0', minutes = '0', seconds = '0', half] =
    /[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*([ap]m)?$/i.exec(text) ?? []
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  return new Date(Date.parse(`${day}T00:00:00Z`) + ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000)
}
