import { type RefObject, useRef, useState } from 'react'
import { followPointer } from './followPointer.ts'
import type { Piece } from './pieces.ts'

/** In pixels; the style sheet is told. */
export const HOUR = 48
export const STEP_MINUTES = 15
const DAY = 1440
/** So near to the edge of what is in sight the page goes on. */
const EDGE = 36

export type Dragged = { id: number; day: number; top: number; bottom: number }
export type DragMode = 'move' | 'stretch'

type Given = {
  scroller: RefObject<HTMLDivElement | null>
  /** What holds the days side by side. */
  days: RefObject<HTMLDivElement | null>
  count: number
  drop: (piece: Piece, to: Dragged, mode: DragMode) => void
}

/** Drags the blocks of a calendar in steps of a quarter of an hour, with the mouse or a pen: a finger scrolls. Escape leaves everything as it was. */
export function useDrag({ scroller, days, count, drop }: Given) {
  const [dragged, setDragged] = useState<Dragged>()
  const moved = useRef(false)

  const begin = (event: React.PointerEvent, piece: Piece, mode: DragMode) => {
    if (event.button !== 0 || event.pointerType === 'touch' || !scroller.current || !days.current) return
    const view = scroller.current
    const grid = days.current
    const from = { y: event.clientY, scrolled: view.scrollTop }
    let last: Dragged | undefined
    followPointer(event, moved, {
      move: now => {
        goOn(view, now.clientY)
        const pixels = now.clientY - from.y + view.scrollTop - from.scrolled
        const by = Math.round((pixels / HOUR) * (60 / STEP_MINUTES)) * STEP_MINUTES
        last = mode === 'stretch' ? stretched(piece, by) : { ...shifted(piece, by), day: dayAt(grid, now.clientX, count) }
        setDragged(last)
      },
      end: drops => {
        setDragged(undefined)
        if (drops && last && isElsewhere(piece, last)) drop(piece, last, mode)
      },
    })
  }
  return { dragged, begin, wasDragged: () => moved.current }
}

function shifted({ appointment: { id }, top, bottom }: Piece, by: number) {
  const length = bottom - top
  // What lay between two steps comes to lie on one.
  const wanted = Math.round((top + by) / STEP_MINUTES) * STEP_MINUTES
  const begins = by === 0 ? top : Math.max(0, Math.min(DAY - STEP_MINUTES, wanted))
  return { id, top: begins, bottom: Math.min(DAY, begins + length) }
}

function stretched({ appointment: { id }, day, top, bottom }: Piece, by: number): Dragged {
  const wanted = Math.round((bottom + by) / STEP_MINUTES) * STEP_MINUTES
  return { id, day, top, bottom: by === 0 ? bottom : Math.max(top + STEP_MINUTES, Math.min(DAY, wanted)) }
}

const isElsewhere = (piece: Piece, to: Dragged) => piece.day !== to.day || piece.top !== to.top || piece.bottom !== to.bottom

function dayAt(grid: HTMLElement, x: number, count: number) {
  const { left, width } = grid.getBoundingClientRect()
  return Math.max(0, Math.min(count - 1, Math.floor(((x - left) / width) * count)))
}

function goOn(view: HTMLElement, y: number) {
  const { top, bottom } = view.getBoundingClientRect()
  if (y > bottom - EDGE) view.scrollTop += 12
  else if (y < top + EDGE * 2) view.scrollTop -= 12
}
