import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type {
  Funnel,
  FunnelCreate,
  FunnelPage,
  FunnelPageCreate,
  Funnels,
  FunnelUpdate,
  FunnelVideo,
  FunnelVideoCreate,
} from '../../shared/funnels.ts'
import { request } from './request.ts'

export const funnels = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/funnels'],
    queryFn: ({ signal }) => request<Static<typeof Funnels>>('/funnels', { workspace_id, signal }),
  })

export function createFunnel(workspace_id: number, body: FunnelCreate) {
  return request<Funnel>('/funnels', { method: 'POST', workspace_id, body })
}

export function updateFunnel(workspace_id: number, id: number, body: FunnelUpdate) {
  return request<Funnel>(`/funnels/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteFunnel(workspace_id: number, id: number) {
  return request<null>(`/funnels/${id}`, { method: 'DELETE', workspace_id })
}

export function addPage(workspace_id: number, body: FunnelPageCreate) {
  return request<FunnelPage>('/pages', { method: 'POST', workspace_id, body })
}

export function removePage(workspace_id: number, id: number) {
  return request<null>(`/pages/${id}`, { method: 'DELETE', workspace_id })
}

export function addVideo(workspace_id: number, body: FunnelVideoCreate) {
  return request<FunnelVideo>('/videos', { method: 'POST', workspace_id, body })
}

export function removeVideo(workspace_id: number, id: number) {
  return request<null>(`/videos/${id}`, { method: 'DELETE', workspace_id })
}
