import { useState } from 'react'
import type { Selection } from '../../ui/useSelection.ts'
import { type Chosen, questionOf } from './useBulk.ts'

export type Everything = {
  /** All that match are chosen, not only those that are loaded. */
  is_on: boolean
  /** Undefined while there is nothing more to choose. */
  choose: (() => void) | undefined
  chosen: Chosen
  clear: () => void
}

/** Lets somebody choose all that match, once they have chosen all that are loaded. Another question begins anew. */
export function useEverything<T extends { id: number }>(
  selection: Selection<T>,
  search: Record<string, unknown>,
  { rows, complete }: { rows: T[]; complete: boolean },
): Everything {
  const { sort: _, ...filters } = search
  const query = questionOf(filters)
  const question = JSON.stringify(query)
  const [asked, ask] = useState<string>()
  const all_loaded = rows.length > 0 && selection.rows.length === rows.length
  const is_on = asked === question && all_loaded
  return {
    is_on,
    choose: all_loaded && !complete && !is_on ? () => ask(question) : undefined,
    chosen: is_on ? { query } : { ids: selection.rows.map(({ id }) => id) },
    clear: () => {
      ask(undefined)
      selection.clear()
    },
  }
}
