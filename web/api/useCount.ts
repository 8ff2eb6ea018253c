import { useInfiniteQuery } from '@tanstack/react-query'
import type { pages } from './page.ts'

/** How many there are, as far as the first page tells: "3", "50+", nothing when there are none. */
export function useCount<T>(query: ReturnType<typeof pages<T>>) {
  const { data } = useInfiniteQuery({ ...query, staleTime: 60_000 })
  const [page] = data?.pages ?? []
  if (!page?.data.length) return undefined
  return page.next_cursor ? `${page.data.length}+` : String(page.data.length)
}
