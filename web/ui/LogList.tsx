import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { pages } from '../api/page.ts'
import { useList } from './list.ts'
import type { Column } from './TableHead.tsx'
import { type Selection, useSelection } from './useSelection.ts'
import { VirtualTable } from './VirtualTable.tsx'

type Props<T> = {
  label: string
  query: ReturnType<typeof pages<T>>
  columns: Column<T>[]
  row_key: (row: T) => string | number
  open: (row: T) => void
  compact: (row: T) => ReactNode
  filters: ReactNode
  empty: ReactNode
  /** What a checkbox is called, and what can be done with what is chosen; undefined: nothing can be chosen. */
  choose: { label: (row: T) => string; bar: (selection: Selection<T>) => ReactNode } | undefined
}

const AGAIN_MS = 5_000

/** What came or went, the newest first, read again while somebody looks at its top. */
export function LogList<T>({ label, query, columns, row_key, open, compact, filters, empty, choose }: Props<T>) {
  const list = useList(
    useInfiniteQuery({
      ...query,
      placeholderData: keepPreviousData,
      // Somebody who is far down reads, and is not waiting for what comes next.
      refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : AGAIN_MS),
    }),
  )
  const selection = useSelection({
    rows: list.rows,
    row_key,
    label: choose?.label ?? (row => `Choose ${row_key(row)}`),
  })
  return (
    <>
      {choose && selection.rows.length ? choose.bar(selection) : filters}
      <VirtualTable
        label={label}
        list={list}
        columns={columns}
        row_key={row_key}
        open={open}
        compact={compact}
        {...(choose && { selection })}
        empty={empty}
      />
    </>
  )
}
