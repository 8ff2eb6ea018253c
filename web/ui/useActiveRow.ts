import { type RefObject, useEffect, useState } from 'react'
import { useKeys } from './keyboard.ts'

type Props<T> = {
  label: string
  rows: T[]
  row_key: (row: T) => string | number
  open: (row: T) => void
  choose?: ((row: T) => void) | undefined
  reveal: (index: number) => void
  scroller: RefObject<HTMLDivElement | null>
}

// Where somebody was in each list, so that coming back is coming back.
const places = new Map<string, { active: Active; top: number }>()

/** The row itself, which others may come before meanwhile, and where it was: when it is gone, the one there is the next. */
type Active = { key: string | number | undefined; index: number }

const NONE: Active = { key: undefined, index: -1 }

/** Arrow keys or j/k move, Home and End jump, Enter opens, x chooses. */
export function useActiveRow<T>({ label, rows, row_key, open, choose, reveal, scroller }: Props<T>) {
  const place = `${label} ${location.pathname}${location.search}`
  const [kept, keep] = useState(() => places.get(place)?.active ?? NONE)
  const [at, setAt] = useState(place)
  if (at !== place) {
    setAt(place)
    keep(places.get(place)?.active ?? NONE)
  }

  const active = indexOf(kept, rows, row_key)
  const setActive = (index: number) => keep({ key: row_key(rows[index]!), index })

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
    const remember = () => places.set(place, { active: places.get(place)?.active ?? NONE, top: element.scrollTop })
    element.addEventListener('scroll', remember, { passive: true })
    return () => element.removeEventListener('scroll', remember)
  }, [place, some, scroller])
  useEffect(() => {
    places.set(place, { active: kept, top: places.get(place)?.top ?? 0 })
  }, [place, kept])

  return { active, setActive }
}

function indexOf<T>({ key, index }: Active, rows: T[], row_key: (row: T) => string | number) {
  const is = (row: T | undefined) => row !== undefined && row_key(row) === key
  const found = is(rows[index]) ? index : rows.findIndex(is)
  return found >= 0 ? found : Math.min(index, rows.length - 1)
}
