// biome-ignore-all lint/a11y/useSemanticElements: the head of a grid, see VirtualTable
// biome-ignore-all lint/a11y/useFocusableInteractive: its buttons have the focus, not the row
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { ReactNode } from 'react'

export type Column<T> = {
  key: string
  title: ReactNode
  /** A track of the grid; `minmax(0, 2fr)` so that every row comes to the same widths. */
  width: string
  align?: 'right'
  /** What to ask for to sort by this column, the more useful direction first. */
  sorts?: readonly [first: string, second?: string]
  cell: (row: T) => ReactNode
}

export type Sorting = { by: string; change: (by: string) => void } | undefined

export function TableHead<T>({ columns, sorting }: { columns: Column<T>[]; sorting: Sorting }) {
  return (
    <div role="rowgroup" className="table-head">
      <div role="row" className="table-row">
        {columns.map(column => (
          <div
            key={column.key}
            role="columnheader"
            className="table-cell"
            data-align={column.align}
            aria-sort={direction(column, sorting)}
            tabIndex={-1}
          >
            {sorting && column.sorts ? <SortButton column={column} sorting={sorting} /> : column.title}
          </div>
        ))}
      </div>
    </div>
  )
}

function SortButton<T>({ column, sorting }: { column: Column<T>; sorting: NonNullable<Sorting> }) {
  const [first, second] = column.sorts!
  const towards = direction(column, sorting)
  const Arrow = towards === 'ascending' ? IconArrowUp : IconArrowDown
  return (
    <button type="button" className="table-sort" onClick={() => sorting.change(sorting.by === first && second ? second : first)}>
      {column.title}
      <Arrow size={13} stroke={2} aria-hidden style={{ opacity: towards === 'none' ? 0 : 1 }} />
    </button>
  )
}

function direction<T>({ sorts }: Column<T>, sorting: Sorting) {
  if (!sorting || !sorts) return undefined
  if (!sorts.includes(sorting.by)) return 'none'
  return sorting.by.startsWith('-') ? 'descending' : 'ascending'
}
