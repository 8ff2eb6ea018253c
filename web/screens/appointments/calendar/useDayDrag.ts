import { useRef, useState } from 'react'
import type { Appointment } from '../../../../shared/appointments.ts'
import { followPointer } from './followPointer.ts'

/** Drags an appointment to another day of a month. Escape leaves it where it was. */
export function useDayDrag(drop: (appointment: Appointment, date: string) => void) {
  const [dragged, setDragged] = useState<{ id: number; date: string | undefined }>()
  const moved = useRef(false)

  const begin = (event: React.PointerEvent, appointment: Appointment) => {
    if (event.button !== 0 || event.pointerType === 'touch') return
    const home = dateAt(event)
    let date: string | undefined
    followPointer(event, moved, {
      move: now => {
        date = dateAt(now)
        setDragged({ id: appointment.id, date })
      },
      end: drops => {
        setDragged(undefined)
        if (drops && date && date !== home) drop(appointment, date)
      },
    })
  }
  return { dragged, begin, wasDragged: () => moved.current }
}

function dateAt({ clientX, clientY }: { clientX: number; clientY: number }) {
  const day = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-date]')
  return day?.dataset.date
}
