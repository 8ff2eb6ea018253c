import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import type { Event } from '../../../shared/events.ts'
import { events } from '../../api/events.ts'
import { useList } from '../../ui/list.ts'

const KEPT = 500

/** The newest events, and those that come. While it is held nothing moves: what comes waits, counted. */
export function useStream(workspace_id: number) {
  const list = useList(useInfiniteQuery({ ...events(workspace_id, {}), staleTime: 0 }))
  const [arrived, setArrived] = useState<Event[]>([])
  const [held_at, setHeldAt] = useState<number>()

  const add = useCallback((event: Event) => setArrived(before => [event, ...before].slice(0, KEPT)), [])
  const all = useMemo(() => newestOnce(arrived, list.rows), [arrived, list.rows])
  const shown = useMemo(() => (held_at === undefined ? all : all.filter(({ id }) => id <= held_at)), [all, held_at])
  return {
    list,
    add,
    shown,
    waiting: all.length - shown.length,
    held: held_at !== undefined,
    hold: () => setHeldAt(all[0]?.id ?? 0),
    release: () => setHeldAt(undefined),
    fresh_after: list.rows[0]?.id ?? 0,
  }
}

export type Stream = ReturnType<typeof useStream>

function newestOnce(arrived: Event[], read: Event[]) {
  const known = new Map([...read, ...arrived].map(event => [event.id, event]))
  return [...known.values()].sort((one, other) => other.id - one.id).slice(0, KEPT)
}
