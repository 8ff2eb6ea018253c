// biome-ignore-all lint/a11y/useKeyWithClickEvents: the number of the day does the same by keyboard
// biome-ignore-all lint/a11y/noStaticElementInteractions: the same
import type { Appointment } from '../../../../shared/appointments.ts'
import { count } from '../../../ui/numbers.ts'
import { clockIn, momentOf, wallOf } from '../../../ui/zones.ts'
import { useMayChange } from '../../leads/useUsers.ts'
import { appointmentName, isOpen } from '../words.ts'
import { Sign, useBlockWords } from './Block.tsx'
import { byDay } from './byDay.ts'
import { useHue } from './colours.ts'
import { longDate, weekdayName } from './dates.ts'
import { useDayDrag } from './useDayDrag.ts'
import type { Move } from './useMove.ts'
import { useNow } from './useNow.ts'
import './month-grid.css'

type Props = {
  /** Whole weeks. */
  dates: string[]
  /** The month that is meant: 2026-03. */
  month: string
  zone: string
  appointments: Appointment[]
  move: (move: Move) => void
  open: (appointment: Appointment, at: HTMLElement) => void
  show: (date: string) => void
}

const SHOWN = 4

const startOf = ({ scheduled_at }: Appointment) => scheduled_at

/** A month in weeks; dragged to another day an appointment keeps its time of day. */
export function MonthGrid({ dates, month, zone, appointments, move, open, show }: Props) {
  const today = wallOf(useNow(), zone).date
  const of_day = new Map(byDay(appointments, startOf, zone).map(day => [wallOf(startOf(day[0]!), zone).date, day]))
  const drop = (appointment: Appointment, date: string) => {
    const { minutes } = wallOf(appointment.scheduled_at, zone)
    const { at } = momentOf({ date, minutes }, zone)
    move({ appointment, at, duration_minutes: appointment.duration_minutes })
  }
  const { dragged, begin, wasDragged } = useDayDrag(drop)
  return (
    <section className="month" aria-label="Calendar">
      <div className="month-weekdays" aria-hidden>
        {dates.slice(0, 7).map(date => (
          <span key={date}>{weekdayName(date)}</span>
        ))}
      </div>
      <div className="month-days" style={{ '--weeks': dates.length / 7 } as React.CSSProperties}>
        {dates.map(date => {
          const here = of_day.get(date) ?? []
          return (
            <div
              key={date}
              className="month-day"
              data-date={date}
              data-outside={!date.startsWith(month) || undefined}
              data-target={dragged?.date === date || undefined}
              onClick={() => wasDragged() || show(date)}
            >
              <button
                type="button"
                className="month-date number"
                aria-label={`${longDate(date)}, ${count(here.length, 'appointment')}`}
                aria-current={date === today ? 'date' : undefined}
              >
                {Number(date.slice(8))}
              </button>
              {here.length > 0 && <span className="month-count">{here.length}</span>}
              <ul className="month-chips">
                {here.slice(0, here.length > SHOWN ? SHOWN - 1 : SHOWN).map(appointment => (
                  <li key={appointment.id}>
                    <Chip
                      appointment={appointment}
                      zone={zone}
                      is_dragged={dragged?.id === appointment.id}
                      begin={begin}
                      open={(appointment, at) => wasDragged() || open(appointment, at)}
                    />
                  </li>
                ))}
              </ul>
              {here.length > SHOWN && <span className="month-more muted">{here.length - SHOWN + 1} more</span>}
            </div>
          )
        })}
      </div>
    </section>
  )
}

type ChipProps = {
  appointment: Appointment
  zone: string
  is_dragged: boolean
  begin: (event: React.PointerEvent, appointment: Appointment) => void
  open: (appointment: Appointment, at: HTMLElement) => void
}

function Chip({ appointment, zone, is_dragged, begin, open }: ChipProps) {
  const words = useBlockWords(zone)
  const may_change = useMayChange()(appointment)
  const hue = useHue()(appointment.assigned_to)
  return (
    <button
      type="button"
      className="chip"
      aria-label={words(appointment)}
      data-status={appointment.status}
      data-nobody={hue === undefined || undefined}
      data-dragged={is_dragged || undefined}
      style={{ '--hue': hue } as React.CSSProperties}
      onPointerDown={event => may_change && isOpen(appointment) && begin(event, appointment)}
      onClick={event => {
        event.stopPropagation()
        open(appointment, event.currentTarget)
      }}
    >
      <span className="number">{clockIn(appointment.scheduled_at, zone)}</span>
      <span className="chip-name cut">
        <Sign appointment={appointment} />
        {appointmentName(appointment)}
      </span>
    </button>
  )
}
