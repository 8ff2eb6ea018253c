import { queryOptions } from '@tanstack/react-query'
import type {
  Erasure,
  ErasureCreate,
  ErasurePreview,
  KeptPlaces,
  PrivacySubject,
  Retention,
  RetentionPreview,
  RetentionQuery,
  RetentionUpdate,
} from '../../shared/privacy.ts'
import { request, requestFile } from './request.ts'

type List<T> = { data: T[]; next_cursor: string | null }

/** Looked at again while one runs. */
export const erasures = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/privacy/erasures'],
    queryFn: ({ signal }) => request<List<Erasure>>('/privacy/erasures', { workspace_id, signal }),
    refetchInterval: ({ state }) => (state.data?.data.some(one => one.state === 'running') ? 1000 : false),
  })

export const keptPlaces = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/privacy/places'],
    queryFn: ({ signal }) => request<KeptPlaces>('/privacy/places', { workspace_id, signal }),
  })

export function previewErasure(workspace_id: number, whom: PrivacySubject) {
  return request<ErasurePreview>('/privacy/erasures/preview', { workspace_id, search: whom })
}

export function eraseSomebody(workspace_id: number, body: ErasureCreate) {
  return request<Erasure>('/privacy/erasures', { method: 'POST', workspace_id, body })
}

export function archiveOf(workspace_id: number, body: PrivacySubject) {
  return requestFile('/privacy/archives', { method: 'POST', workspace_id, body })
}

export const retention = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/privacy/retention'],
    queryFn: ({ signal }) => request<Retention>('/privacy/retention', { workspace_id, signal }),
  })

export const retentionPreview = (workspace_id: number, search: RetentionQuery) =>
  queryOptions({
    queryKey: [workspace_id, '/privacy/retention/preview', search],
    queryFn: ({ signal }) => request<RetentionPreview>('/privacy/retention/preview', { workspace_id, search, signal }),
  })

export function changeRetention(workspace_id: number, body: RetentionUpdate) {
  return request<Retention>('/privacy/retention', { method: 'PATCH', workspace_id, body })
}
