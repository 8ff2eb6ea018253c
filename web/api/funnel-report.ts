import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { FunnelPeople, FunnelPeopleQuery, FunnelQuery, FunnelReport } from '../../shared/funnel-report.ts'
import { request } from './request.ts'

/** Counted from the events each time, so an answer is kept for a while. */
const KEPT_MS = 5 * 60_000

export const funnelReport = (workspace_id: number, body: FunnelQuery) =>
  queryOptions({
    queryKey: [workspace_id, '/reports/funnel', body],
    queryFn: ({ signal }) => request<FunnelReport>('/reports/funnel', { method: 'POST', workspace_id, body, signal }),
    staleTime: KEPT_MS,
  })

export const funnelPeople = (workspace_id: number, body: FunnelPeopleQuery) =>
  infiniteQueryOptions({
    queryKey: [workspace_id, '/reports/funnel/people', body],
    queryFn: ({ pageParam, signal }) =>
      request<FunnelPeople>('/reports/funnel/people', {
        method: 'POST',
        workspace_id,
        body: { ...body, ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next_cursor,
    staleTime: KEPT_MS,
  })
