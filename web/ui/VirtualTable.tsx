// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the row (aria-activedescendant)
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid opens the active row with Enter (useActiveRow)
// biome-ignore-all lint/a11y/useSemanticElements: a <table> cannot leave out the rows that are not in sight
import { Skeleton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Failure } from './Failure.tsx'
import type { List } from './list.ts'
import { NARROW, useMatch } from './narrow.ts'
import { range } from './range.ts'
import { SelectAllBox, SelectBox } from './SelectBox.tsx'
import { type Column, type Sorting, TableHead } from './TableHead.tsx'
import { useActiveRow } from './useActiveRow.ts'
import type { Selection } from './useSelection.ts'
import './table.css'

type Props<T> = {
  /** Names the list for screen readers, and its place when somebody comes back. */
  label: string
  list: List<T>
  columns: Column<T>[]
  row_key: (row: T) => string | number
  open: (row: T) => void
  /** Two lines instead of columns, on a narrow screen. */
  compact: (row: T) => ReactNode
  empty: ReactNode
  sorting?: Sorting
  /** Gives each row a checkbox. */
  selection?: Selection<T>
  /** In pixels, where there are columns. */
  row_height?: number
}

export function VirtualTable<T>(props: Props<T>) {
  const { label, list, row_key, open, compact, empty, sorting, selection } = props
  const { rows, more } = list
  const columns = selection ? [selectColumn(rows, selection), ...props.columns] : props.columns
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const narrow = useMatch(NARROW)
  const row_height = narrow ? 62 : (props.row_height ?? 42)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => row_height,
    overscan: 12,
    scrollPaddingStart: narrow ? 0 : 36,
    getItemKey: index => row_key(rows[index]!),
  })
  const { active, setActive } = useActiveRow({
    label,
    rows,
    row_key,
    open,
    choose: selection?.toggle,
    reveal: index => virtual.scrollToIndex(index),
    scroller,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useEffect(() => virtual.measure(), [virtual, row_height])

  const visible = virtual.getVirtualItems()
  const last = visible.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= rows.length - 30) more()
  }, [more, last, rows.length])

  if (list.error) return <Failure error={list.error} retry={list.retry} />
  if (!list.pending && !rows.length) return empty

  const tracks = narrow ? 'minmax(0, 1fr)' : columns.map(column => column.width).join(' ')
  return (
    <div
      ref={scroller}
      className="table"
      role="grid"
      aria-label={label}
      aria-rowcount={more ? -1 : rows.length}
      aria-busy={list.pending || list.stale}
      aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
      tabIndex={0}
      style={{ '--tracks': tracks } as React.CSSProperties}
    >
      {!narrow && <TableHead columns={columns} sorting={sorting} />}
      {list.pending ? (
        <SkeletonRows columns={narrow ? columns.slice(0, 1) : columns} height={row_height} />
      ) : (
        <div
          role="rowgroup"
          className="table-body"
          style={{ height: virtual.getTotalSize() }}
          data-stale={list.stale || undefined}
        >
          {visible.map(({ index, key, start }) => (
            <div
              key={key}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 1}
              aria-selected={index === active}
              tabIndex={-1}
              className="table-row"
              style={{ height: row_height, transform: `translateY(${start}px)` }}
              onPointerDown={() => setActive(index)}
              onClick={({ target }) => isOwn(target) || open(rows[index]!)}
            >
              {narrow ? (
                <div role="gridcell" className="table-compact">
                  {selection && <SelectBox row={rows[index]!} selection={selection} />}
                  {compact(rows[index]!)}
                </div>
              ) : (
                columns.map(column => (
                  <div key={column.key} role="gridcell" className="table-cell" data-align={column.align}>
                    {column.cell(rows[index]!)}
                  </div>
                ))
              )}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

/** Whether something in a row does something of its own when it is clicked: a link, which may cover all of the row, a checkbox. */
function isOwn(target: EventTarget) {
  return target instanceof Element && target.closest('a, button, input, label, .table-select') !== null
}

function selectColumn<T>(rows: T[], selection: Selection<T>): Column<T> {
  return {
    key: 'selected',
    title: <SelectAllBox rows={rows} selection={selection} />,
    width: '16px',
    cell: row => <SelectBox row={row} selection={selection} />,
  }
}

function SkeletonRows<T>({ columns, height }: { columns: Column<T>[]; height: number }) {
  return range(14).map(row => (
    <div key={row} className="table-row table-skeleton" style={{ height }} aria-hidden>
      {columns.map((column, index) => (
        <div key={column.key} className="table-cell" data-align={column.align}>
          <Skeleton height={10} width={`${column.align === 'right' ? 30 : 85 - ((row * 17 + index * 29) % 45)}%`} />
        </div>
      ))}
    </div>
  ))
}
