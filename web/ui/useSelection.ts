import { useState } from 'react'

export type Selection<T> = {
  rows: T[]
  has: (row: T) => boolean
  /** With `range`: everything from the row that was chosen last to this one. */
  toggle: (row: T, range?: boolean) => void
  toggleAll: () => void
  clear: () => void
  /** What a checkbox is called: "Choose registration for Zapier". */
  label: (row: T) => string
}

type Props<T> = { rows: T[]; row_key: (row: T) => string | number; label: (row: T) => string }

/** Which rows of a list are chosen. What is no longer in the list is no longer chosen. */
export function useSelection<T>({ rows, row_key, label }: Props<T>): Selection<T> {
  const [keys, setKeys] = useState<ReadonlySet<string | number>>(new Set())
  const [last, setLast] = useState<string | number>()
  const chosen = rows.filter(row => keys.has(row_key(row)))
  const has = (row: T) => keys.has(row_key(row))
  return {
    rows: chosen,
    has,
    toggle: (row, range = false) => {
      const next = new Set(keys)
      for (const one of range ? between(rows, row_key, last, row_key(row)) : [row]) {
        if (has(row)) next.delete(row_key(one))
        else next.add(row_key(one))
      }
      setKeys(next)
      setLast(row_key(row))
    },
    toggleAll: () => setKeys(new Set(chosen.length === rows.length ? [] : rows.map(row_key))),
    clear: () => setKeys(new Set()),
    label,
  }
}

function between<T>(rows: T[], row_key: (row: T) => string | number, one: string | number | undefined, other: string | number) {
  const to = rows.findIndex(row => row_key(row) === other)
  const from = rows.findIndex(row => row_key(row) === one)
  if (from < 0) return rows.slice(to, to + 1)
  return rows.slice(Math.min(from, to), Math.max(from, to) + 1)
}
