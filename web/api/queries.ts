import { type InvalidateOptions, type InvalidateQueryFilters, QueryClient, type QueryKey } from '@tanstack/react-query'

/**
 * What is read for the first time while something changes was asked before the change, and may be answered as it was then. The library reads
 * again only what it has an answer to (`cancelRefetch` of TanStack Query), and would keep that one; this asks again for the rest, too.
 */
export class Queries extends QueryClient {
  override invalidateQueries<Key extends QueryKey = QueryKey>(
    filters?: InvalidateQueryFilters<Key>,
    options?: InvalidateOptions,
  ): Promise<void> {
    // Only what is read again at once below.
    if (filters?.refetchType === undefined)
      for (const query of this.getQueryCache().findAll({ ...filters, fetchStatus: 'fetching' }))
        if (query.isActive() && query.state.data === undefined) void query.cancel({ silent: true })
    return super.invalidateQueries(filters, options)
  }
}
