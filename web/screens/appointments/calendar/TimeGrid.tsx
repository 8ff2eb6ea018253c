// biome-ignore-all lint/a11y/useKeyWithClickEvents: without a mouse an appointment is booked with the button above, at any time
// biome-ignore-all lint/a11y/noStaticElementInteractions: the same
import { useLayoutEffect, useRef, useState } from 'react'
import type { Appointment } from '../../../../shared/appointments.ts'
import { range } from '../../../ui/range.ts'
import { clockIn, gapOf, momentOf, wallOf } from '../../../ui/zones.ts'
import { useMayChange } from '../../leads/useUsers.ts'
import { Block } from './Block.tsx'
import { longDate, weekdayName } from './dates.ts'
import type { Stretch } from './hours.ts'
import { type Piece, piecesOf } from './pieces.ts'
import { type Dragged, type DragMode, HOUR, STEP_MINUTES, useDrag } from './useDrag.ts'
import type { Move } from './useMove.ts'
import { useNow } from './useNow.ts'
import './time-grid.css'

type Props = {
  dates: string[]
  zone: string
  appointments: Appointment[]
  /** When nobody works, of each date. */
  closed: Stretch[][]
  move: (move: Move) => void
  open: (appointment: Appointment, at: HTMLElement) => void
  book: (at: string) => void
  show: (date: string) => void
}

/** Days side by side, hour by hour, as the clock of the workspace shows them. */
export function TimeGrid({ dates, zone, appointments, closed, move, open, book, show }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const days = useRef<HTMLDivElement>(null)
  const now = useNow()
  const mayChange = useMayChange()
  const pieces = piecesOf(appointments, dates, zone)
  const today = wallOf(now, zone)
  const drop = ({ appointment }: Piece, to: Dragged, mode: DragMode) => {
    const { scheduled_at, duration_minutes } = appointment
    const date = dates[to.day]!
    if (mode === 'move') move({ appointment, at: momentOf({ date, minutes: to.top }, zone).at, duration_minutes })
    else {
      // Not what the clock's face says: on some days an hour of it is left out.
      const ends_at = momentOf({ date, minutes: to.bottom }, zone).at
      const lasts = Math.max(STEP_MINUTES, (Date.parse(ends_at) - Date.parse(scheduled_at)) / 60_000)
      move({ appointment, at: scheduled_at, duration_minutes: lasts })
    }
  }
  const { dragged, begin, wasDragged } = useDrag({ scroller, days, count: dates.length, drop })
  useFirstScroll(scroller, pieces)
  const bookAt = (event: React.MouseEvent<HTMLElement>, date: string) => {
    if (wasDragged()) return
    const { top } = event.currentTarget.getBoundingClientRect()
    const minutes = Math.floor((event.clientY - top) / (HOUR / 2)) * 30
    book(momentOf({ date, minutes }, zone).at)
  }
  return (
    <section
      ref={scroller}
      className="grid"
      aria-label="Calendar"
      style={{ '--hour': `${HOUR}px`, '--days': dates.length } as React.CSSProperties}
    >
      <div className="grid-head">
        {dates.map(date => (
          <button
            key={date}
            type="button"
            className="grid-date"
            aria-label={longDate(date)}
            aria-current={date === today.date ? 'date' : undefined}
            onClick={() => show(date)}
          >
            <span>{weekdayName(date)}</span> <b>{Number(date.slice(8))}</b>
          </button>
        ))}
      </div>
      <div className="grid-hours" aria-hidden>
        {range(23).map(hour => (
          <span key={hour} style={{ '--top': (hour + 1) * 60 } as React.CSSProperties}>
            {clockIn(HOURS[hour + 1]!, 'UTC')}
          </span>
        ))}
      </div>
      <div ref={days} className="grid-days" data-dragging={dragged !== undefined || undefined}>
        {dates.map((date, day) => (
          <div key={date} className="grid-day" data-date={date} onClick={event => bookAt(event, date)}>
            {closed[day]?.map(stretch => (
              <Shade key={stretch.from} stretch={stretch} />
            ))}
            <Gap date={date} zone={zone} />
            {pieces
              .filter(piece => piece.day === day)
              .map(piece => (
                <Block
                  key={piece.appointment.id}
                  piece={piece}
                  zone={zone}
                  may_move={mayChange(piece.appointment)}
                  is_dragged={dragged?.id === piece.appointment.id}
                  begin={begin}
                  open={(appointment, at) => wasDragged() || open(appointment, at)}
                />
              ))}
            {dragged?.day === day && <Ghost dragged={dragged} />}
            {date === today.date && <div className="grid-now" style={{ '--top': today.minutes } as React.CSSProperties} />}
          </div>
        ))}
      </div>
    </section>
  )
}

/** Times of a day on which no clock changes, to be written as the reader writes times. */
const HOURS = range(24).map(hour => new Date(Date.UTC(2026, 0, 1, hour)).toISOString())

const placed = ({ from, to }: Stretch) => ({ '--top': from, '--length': to - from }) as React.CSSProperties

function Shade({ stretch }: { stretch: Stretch }) {
  return <div className="grid-shade" style={placed(stretch)} />
}

/** The hour that is left out when clocks go forward. */
function Gap({ date, zone }: { date: string; zone: string }) {
  const gap = gapOf(date, zone)
  if (!gap) return null
  return (
    <div className="grid-gap" style={placed(gap)}>
      Clocks go forward
    </div>
  )
}

/** Where it would lie. */
function Ghost({ dragged: { top, bottom } }: { dragged: Dragged }) {
  return (
    <div className="grid-ghost number" style={placed({ from: top, to: bottom })}>
      {face(top)} – {face(bottom)}
    </div>
  )
}

const face = (minutes: number) => clockIn(new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString(), 'UTC')

const MORNING = 6 * 60 + 45

/** Begins in the morning, or with what comes before it; where somebody scrolled to stays while they go from week to week. */
function useFirstScroll(scroller: React.RefObject<HTMLDivElement | null>, pieces: Piece[]) {
  const [first] = useState(() => Math.min(MORNING, ...pieces.filter(({ begins }) => begins).map(({ top }) => top - 30)))
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = (Math.max(0, first) / 60) * HOUR
  }, [scroller, first])
}
