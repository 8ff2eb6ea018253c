import { queryOptions } from '@tanstack/react-query'
import type { View, ViewCreate, ViewScreen, Views, ViewUpdate } from '../../shared/views.ts'
import { request } from './request.ts'

export const views = (workspace_id: number, screen: ViewScreen) =>
  queryOptions({
    queryKey: [workspace_id, '/views', screen],
    queryFn: ({ signal }) => request<Views>('/views', { workspace_id, search: { screen }, signal }),
  })

export function createView(workspace_id: number, body: ViewCreate) {
  return request<View>('/views', { method: 'POST', workspace_id, body })
}

export function updateView(workspace_id: number, id: number, body: ViewUpdate) {
  return request<View>(`/views/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteView(workspace_id: number, id: number) {
  return request<null>(`/views/${id}`, { method: 'DELETE', workspace_id })
}
