import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type { Dashboard, DashboardCreate, Dashboards, DashboardUpdate } from '../../shared/dashboards.ts'
import { request } from './request.ts'

export const dashboards = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/dashboards'],
    queryFn: ({ signal }) => request<Static<typeof Dashboards>>('/dashboards', { workspace_id, signal }),
  })

export function createDashboard(workspace_id: number, body: DashboardCreate) {
  return request<Dashboard>('/dashboards', { method: 'POST', workspace_id, body })
}

export function updateDashboard(workspace_id: number, id: number, body: DashboardUpdate) {
  return request<Dashboard>(`/dashboards/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteDashboard(workspace_id: number, id: number) {
  return request<null>(`/dashboards/${id}`, { method: 'DELETE', workspace_id })
}
