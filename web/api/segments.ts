import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Contact } from '../../shared/contacts.ts'
import type { Rule, Segment, SegmentCreate, SegmentPreview, Segments, SegmentUpdate } from '../../shared/segments.ts'
import { pages } from './page.ts'
import { request } from './request.ts'

/** How soon it is asked again: while something is being counted, and otherwise. */
const COUNTING_MS = 1000
const QUIET_MS = 15_000

const isCounting = (segment: Segment) => segment.progress !== null

export const segments = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/segments'],
    queryFn: ({ signal }) => request<Segments>('/segments', { workspace_id, signal }),
    refetchInterval: ({ state: { data } }) => (data?.data.some(isCounting) ? COUNTING_MS : QUIET_MS),
  })

export const segment = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/segments', id],
    queryFn: ({ signal }) => request<Segment>(`/segments/${id}`, { workspace_id, signal }),
    refetchInterval: ({ state: { data } }) => (data && isCounting(data) ? COUNTING_MS : QUIET_MS),
  })

/** While it is counted, who was found so far is asked for again. */
export const segmentContacts = (
  workspace_id: number,
  { id, progress }: Pick<Segment, 'id' | 'progress'>,
  search: { sort?: string | undefined },
) => ({
  ...pages<Contact>(workspace_id, `/segments/${id}/contacts`, search, 100),
  refetchInterval: progress === null ? (false as const) : COUNTING_MS,
})

/** Who a rule finds now. What was found before is shown until the answer is there. */
export const segmentPreview = (workspace_id: number, rule: Rule | undefined) =>
  queryOptions({
    queryKey: [workspace_id, '/segments/preview', rule],
    queryFn: ({ signal }) =>
      request<SegmentPreview>('/segments/preview', { method: 'POST', workspace_id, body: { rule }, signal }),
    enabled: rule !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  })

export function createSegment(workspace_id: number, body: SegmentCreate) {
  return request<Segment>('/segments', { method: 'POST', workspace_id, body })
}

export function updateSegment(workspace_id: number, id: number, body: SegmentUpdate) {
  return request<Segment>(`/segments/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteSegment(workspace_id: number, id: number) {
  return request<null>(`/segments/${id}`, { method: 'DELETE', workspace_id })
}
