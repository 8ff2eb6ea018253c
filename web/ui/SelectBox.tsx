import { Checkbox } from '@mantine/core'
import type { Selection } from './useSelection.ts'

/** Chooses a row without opening it; with Shift, all from the one chosen last. */
export function SelectBox<T>({ row, selection }: { row: T; selection: Selection<T> }) {
  return (
    <span className="table-select">
      <Checkbox
        size="xs"
        aria-label={selection.label(row)}
        checked={selection.has(row)}
        onChange={event => selection.toggle(row, (event.nativeEvent as MouseEvent).shiftKey)}
      />
    </span>
  )
}

export function SelectAllBox<T>({ rows, selection }: { rows: T[]; selection: Selection<T> }) {
  const all = rows.length > 0 && selection.rows.length === rows.length
  return (
    <span className="table-select">
      <Checkbox
        size="xs"
        aria-label={all ? 'Choose none' : 'Choose all that are loaded'}
        checked={all}
        disabled={rows.length === 0}
        indeterminate={!all && selection.rows.length > 0}
        onChange={selection.toggleAll}
      />
    </span>
  )
}
