import { type Icon, IconCheck, IconClockExclamation, IconQuestionMark, IconUserOff } from '@tabler/icons-react'
import type { Appointment, AppointmentStatus } from '../../../../shared/appointments.ts'
import { clockIn, spanIn } from '../../../ui/zones.ts'
import { useUserName } from '../../leads/useUsers.ts'
import { useTypeName } from '../useTypes.ts'
import { appointmentName, isOpen, isWaiting, STATUSES } from '../words.ts'
import { useHue } from './colours.ts'
import { LEAST_MINUTES, type Piece } from './pieces.ts'
import type { DragMode } from './useDrag.ts'

type Props = {
  piece: Piece
  zone: string
  may_move: boolean
  is_dragged: boolean
  begin: (event: React.PointerEvent, piece: Piece, mode: DragMode) => void
  open: (appointment: Appointment, at: HTMLElement) => void
}

const SHORT = 40

/** An appointment in a day: a click shows what can be done with it, its lower edge stretches it. */
export function Block({ piece, zone, may_move, is_dragged, begin, open }: Props) {
  const nameOfType = useTypeName()
  const words = useBlockWords(zone)
  const hue = useHue()(piece.appointment.assigned_to)
  const { appointment, top, bottom, column, columns, begins, ends } = piece
  const draggable = may_move && begins && isOpen(appointment)
  return (
    <button
      type="button"
      className="block"
      aria-label={words(appointment)}
      data-status={appointment.status}
      data-nobody={hue === undefined || undefined}
      data-short={bottom - top < SHORT || undefined}
      data-dragged={is_dragged || undefined}
      data-draggable={draggable || undefined}
      style={
        {
          '--top': top,
          '--length': Math.max(bottom - top, LEAST_MINUTES),
          '--column': column,
          '--columns': columns,
          '--hue': hue,
        } as React.CSSProperties
      }
      onPointerDown={event => draggable && begin(event, piece, 'move')}
      onClick={event => {
        event.stopPropagation()
        open(appointment, event.currentTarget)
      }}
    >
      <span className="block-name cut">
        <Sign appointment={appointment} />
        {appointmentName(appointment)}
      </span>
      <span className="block-time number cut">{clockIn(appointment.scheduled_at, zone)}</span>
      <span className="block-type cut">{nameOfType(appointment.type)}</span>
      {draggable && ends && (
        <span
          className="block-stretch"
          onPointerDown={event => {
            event.stopPropagation()
            begin(event, piece, 'stretch')
          }}
        />
      )}
    </button>
  )
}

/** What the colour does not say. */
export function Sign({ appointment }: { appointment: Appointment }) {
  const Icon = isWaiting(appointment) ? IconClockExclamation : SIGNS[appointment.status]
  return Icon ? <Icon className="block-sign" size={13} stroke={2} aria-hidden /> : null
}

const SIGNS: Partial<Record<AppointmentStatus, Icon>> = {
  completed: IconCheck,
  no_show: IconUserOff,
  pending: IconQuestionMark,
}

/** "14:30 – 15:30, Emma, Consultation, Confirmed, Sally": for whoever does not see where it lies. */
export function useBlockWords(zone: string) {
  const nameOfType = useTypeName()
  const nameOfUser = useUserName()
  return (appointment: Appointment) => {
    const { scheduled_at, ends_at, type, status, assigned_to } = appointment
    const whose = assigned_to === null ? 'nobody has it yet' : nameOfUser(assigned_to)
    return [
      spanIn(scheduled_at, ends_at, zone),
      appointmentName(appointment),
      nameOfType(type),
      STATUSES[status].label,
      whose,
    ].join(', ')
  }
}
