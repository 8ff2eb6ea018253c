import { useRef, useState } from 'react'
import type { Appointment } from '../../../../shared/appointments.ts'

const FAR = 5

/** Drags an appointment to another day of a month. Escape leaves it where it was. */
export function useDayDrag(drop: (appointment: Appointment, date: string) => void) {
  const [dragged, setDragged] = useState<{ id: number; date: string | undefined }>()
  const moved = useRef(false)

  const begin = (event: React.PointerEvent, appointment: Appointment) => {
    if (event.button !== 0 || event.pointerType === 'touch') return
    const from = { x: event.clientX, y: event.clientY }
    const home = dateAt(from.x, from.y)
    let date: string | undefined
    moved.current = false

    const follow = ({ clientX, clientY }: PointerEvent) => {
      if (!moved.current && Math.hypot(clientX - from.x, clientY - from.y) < FAR) return
      moved.current = true
      date = dateAt(clientX, clientY)
      setDragged({ id: appointment.id, date })
    }
    const end = (drops: boolean) => {
      window.removeEventListener('pointermove', follow)
      window.removeEventListener('pointerup', up)
      window.removeEventListener('pointercancel', cancel)
      window.removeEventListener('keydown', press, true)
      setDragged(undefined)
      if (drops && date && date !== home) drop(appointment, date)
      // The click that follows still belongs to the dragging.
      setTimeout(() => {
        moved.current = false
      })
    }
    const up = () => end(true)
    const cancel = () => end(false)
    const press = (key: KeyboardEvent) => {
      if (key.key !== 'Escape') return
      key.stopPropagation()
      cancel()
    }
    window.addEventListener('pointermove', follow)
    window.addEventListener('pointerup', up)
    window.addEventListener('pointercancel', cancel)
    window.addEventListener('keydown', press, true)
  }
  return { dragged, begin, wasDragged: () => moved.current }
}

function dateAt(x: number, y: number) {
  const day = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-date]')
  return day?.dataset.date
}
