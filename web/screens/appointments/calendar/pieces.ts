import type { Appointment } from '../../../../shared/appointments.ts'
import { wallOf } from '../../../ui/zones.ts'

/** The part of an appointment that lies in one day, in minutes of the face of the clock, and its place beside others. */
export type Piece = {
  appointment: Appointment
  day: number
  top: number
  bottom: number
  /** Whether the appointment begins, or ends, in this piece. */
  begins: boolean
  ends: boolean
  column: number
  columns: number
}

const DAY = 1440
/** Anything shorter is drawn as long as this, so that it can be read and hit. */
export const LEAST_MINUTES = 20

/**
 * Where each appointment is drawn: an appointment that crosses midnight has a piece in both days, those at the same time share the width.
 * `days` are dates one after the other.
 */
export function piecesOf(appointments: Appointment[], days: string[], zone: string): Piece[] {
  const pieces = appointments.flatMap(appointment => split(appointment, days, zone))
  return days.flatMap((_, day) => arrange(pieces.filter(piece => piece.day === day)))
}

function split(appointment: Appointment, days: string[], zone: string): Piece[] {
  const start = wallOf(appointment.scheduled_at, zone)
  const end = wallOf(appointment.ends_at, zone)
  return days.flatMap((date, day) => {
    if (date < start.date || date > end.date || (date === end.date && date !== start.date && end.minutes === 0)) return []
    const begins = date === start.date
    const top = begins ? start.minutes : 0
    const until = date === end.date ? end.minutes : DAY
    // When the clocks go back in between, an end may show the same time as the beginning, or an earlier one.
    const bottom = until > top ? until : Math.min(DAY, top + appointment.duration_minutes)
    const ends = date === end.date || (bottom === DAY && end.minutes === 0)
    return [{ appointment, day, top, bottom, begins, ends, column: 0, columns: 1 }]
  })
}

/** Each in the first column that is free; those that touch one another directly or through others are as wide as one another. */
function arrange(pieces: Piece[]): Piece[] {
  const sorted = pieces.toSorted((one, other) => one.top - other.top || other.bottom - one.bottom)
  const ends: number[] = []
  let group: Piece[] = []
  const close = () => {
    for (const piece of group) piece.columns = ends.length
    group = []
    ends.length = 0
  }
  for (const piece of sorted) {
    if (ends.every(end => end <= piece.top)) close()
    const free = ends.findIndex(end => end <= piece.top)
    piece.column = free < 0 ? ends.length : free
    ends[piece.column] = Math.max(piece.bottom, piece.top + LEAST_MINUTES)
    group.push(piece)
  }
  close()
  return sorted
}
