import { type RefObject, useEffect, useState } from 'react'
import { useKeys } from './keyboard.ts'

type Props<T> = {
  label: string
  rows: T[]
  open: (row: T) => void
  choose?: ((row: T) => void) | undefined
  reveal: (index: number) => void
  scroller: RefObject<HTMLDivElement | null>
}

// Where somebody was in each list, so that coming back is coming back.
const places = new Map<string, { active: number; top: number }>()

/** Arrow keys or j/k move, Home and End jump, Enter opens, x chooses. */
export function useActiveRow<T>({ label, rows, open, choose, reveal, scroller }: Props<T>) {
  const place = `${label} ${location.pathname}${location.search}`
  const [active, setActive] = useState(() => places.get(place)?.active ?? -1)
  const [at, setAt] = useState(place)
  if (at !== place) {
    setAt(place)
    setActive(places.get(place)?.active ?? -1)
  }

  const move = (to: number) => {
    if (!rows.length) return
    const next = Math.max(0, Math.min(rows.length - 1, to))
    setActive(next)
    reveal(next)
  }
  const to = (index: number) => () => move(index)
  const openActive = () => {
    const row = rows[active]
    if (row !== undefined) open(row)
  }
  const chooseActive = () => {
    const row = rows[active]
    if (row !== undefined) choose?.(row)
  }
  useKeys({
    ...(choose && { x: chooseActive }),
    ArrowDown: to(active + 1),
    j: to(active + 1),
    ArrowUp: to(active - 1),
    k: to(active - 1),
    PageDown: to(active + 10),
    PageUp: to(active - 10),
    Home: to(0),
    End: to(rows.length - 1),
    Enter: openActive,
  })

  const some = rows.length > 0
  useEffect(() => {
    const element = scroller.current
    if (!some || !element) return
    element.scrollTop = places.get(place)?.top ?? 0
    const remember = () => places.set(place, { active: places.get(place)?.active ?? -1, top: element.scrollTop })
    element.addEventListener('scroll', remember, { passive: true })
    return () => element.removeEventListener('scroll', remember)
  }, [place, some, scroller])
  useEffect(() => {
    places.set(place, { active, top: places.get(place)?.top ?? 0 })
  }, [place, active])

  return { active: Math.min(active, rows.length - 1), setActive }
}
