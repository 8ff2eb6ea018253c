import type { FunnelQuery } from '../../../shared/funnel-report.ts'
import { UNKNOWN_ZONE } from '../../appointments/book.ts'
import { isTimeZone } from '../../appointments/local-time.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { readPeriod } from '../period.ts'

/** A funnel that can be computed: with days, a zone and a window. */
export type Question = Omit<FunnelQuery, 'limit' | 'from' | 'to' | 'days' | 'time_zone' | 'window_minutes'> & {
  from: string
  to: string
  time_zone: string
  window_minutes: number
  /** When the first day begins and the last one ends: known to the planner, so that it reads only the months that it needs. */
  begins: string
  ends: string
}

const DAY_MS = 86_400_000
/** A week, as long as most people take to make up their minds. */
const USUAL_WINDOW = 7 * 24 * 60

/** Puts in what was left out. Throws `invalid_fields` for what does not fit together, `invalid_request` for a period that is none. */
export async function readQuestion(sql: Sql, workspace_id: number, given: Omit<FunnelQuery, 'limit'>): Promise<Question> {
  const { steps, window_minutes = USUAL_WINDOW, breakdown, stage, segment } = given
  const fields = wrongFields(given)
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
  const time_zone = given.time_zone ?? (await zoneOf(sql, workspace_id))
  const period = periodOf(given, time_zone)
  const [bounds] = await sql<{ begins: string; ends: string }[]>`
    select (${period.from}::date::timestamp at time zone ${time_zone}::text)::text as begins,
           ((${period.to}::date + 1)::timestamp at time zone ${time_zone}::text)::text as ends`
  return {
    ...bounds!,
    steps,
    window_minutes,
    from: period.from,
    to: period.to,
    time_zone,
    ...(breakdown && { breakdown }),
    ...(stage && { stage }),
    ...(segment && { segment }),
  }
}

function wrongFields({ steps, time_zone, breakdown }: Omit<FunnelQuery, 'limit'>) {
  const fields: Record<string, string> = {}
  if (time_zone !== undefined && !isTimeZone(time_zone)) fields.time_zone = UNKNOWN_ZONE
  if (breakdown?.by === 'property' && breakdown.property === undefined)
    fields['breakdown.property'] = 'is required: name the property of the first step'
  for (const [k, { conditions = [] }] of steps.entries())
    for (const [n, { operator, value }] of conditions.entries())
      if (operator !== 'is_set' && value === undefined) fields[`steps.${k}.conditions.${n}.value`] = 'is required'
  return fields
}

function periodOf({ from, to, days = 30 }: Omit<FunnelQuery, 'limit'>, time_zone: string) {
  const last = readPeriod({ to: to ?? todayIn(time_zone) }).to
  return readPeriod({ from: from ?? new Date(Date.parse(last) - (days - 1) * DAY_MS).toISOString().slice(0, 10), to: last })
}

async function zoneOf(sql: Sql, workspace_id: number) {
  const [workspace] = await sql<{ time_zone: string }[]>`select time_zone from workspaces where id = ${workspace_id}`
  return workspace!.time_zone
}

function todayIn(time_zone: string) {
  return new Intl.DateTimeFormat('en-CA', { timeZone: time_zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format()
}
