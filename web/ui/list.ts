import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'

/** A list that is read page by page, as screens need it. */
export type List<T> = {
  rows: T[]
  pending: boolean
  /** Rows of an earlier question are shown while the answer to the present one is awaited. */
  stale: boolean
  error: Error | null
  retry: () => void
  /** Reads the next page; undefined while one is being read, or when there is none. */
  more: (() => void) | undefined
  complete: boolean
}

export function useList<T>(query: UseInfiniteQueryResult<InfiniteData<{ data: T[] }>, Error>): List<T> {
  const { data, isPending, isPlaceholderData, error, refetch, fetchNextPage, hasNextPage, isFetching } = query
  const rows = useMemo(() => data?.pages.flatMap(page => page.data) ?? [], [data])
  // A page may hold nothing although there are more: the server looked at so many and found none.
  const goes_on = rows.length === 0 && hasNextPage && !error
  useEffect(() => {
    if (goes_on && !isFetching) void fetchNextPage()
  }, [goes_on, isFetching, fetchNextPage])
  return {
    rows,
    pending: isPending || goes_on,
    stale: isPlaceholderData,
    error: rows.length ? null : error,
    retry: () => void refetch(),
    more: hasNextPage && !isFetching ? () => void fetchNextPage() : undefined,
    complete: !hasNextPage,
  }
}
