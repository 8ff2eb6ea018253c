import { infiniteQueryOptions } from '@tanstack/react-query'
import { request, type Search } from './request.ts'

export type Page<T> = { data: T[]; next_cursor: string | null }

/** A question as it stands in an address: what is not asked may be there as undefined. */
export type Asked<T> = { [K in keyof T]?: T[K] | undefined }

/** A list of the API, page after page, as far as somebody scrolls. */
export function pages<T>(workspace_id: number, path: string, search: Search, limit = 50) {
  return infiniteQueryOptions({
    queryKey: [workspace_id, path, search],
    queryFn: ({ pageParam, signal }) =>
      request<Page<T>>(path, { workspace_id, search: { ...search, limit, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next_cursor,
  })
}
