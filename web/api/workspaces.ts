import { queryOptions } from '@tanstack/react-query'
import type { Key, KeyCreate, KeyUpdate, Workspace, WorkspaceCreate, WorkspaceUpdate } from '../../shared/workspaces.ts'
import type { Page } from './page.ts'
import { request } from './request.ts'

/** What a person needs to send the first event, and whether one came. */
export type Setup = {
  write_key: string | null
  public_url: string
  snippet: string
  first_event_at: string | null
  last_event_at: string | null
  events_last_hour: number
  contacts: number
}

export const setup = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/setup'],
    queryFn: ({ signal }) => request<Setup>('/setup', { workspace_id, signal }),
  })

export const workspace = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/workspace'],
    queryFn: ({ signal }) => request<Workspace>(`/workspaces/${workspace_id}`, { workspace_id, signal }),
    staleTime: 60_000,
  })

export function updateWorkspace(workspace_id: number, body: WorkspaceUpdate) {
  return request<Workspace>(`/workspaces/${workspace_id}`, { method: 'PATCH', workspace_id, body })
}

export function createWorkspace(body: WorkspaceCreate) {
  return request<Workspace>('/workspaces', { method: 'POST', body })
}

export const keys = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/keys'],
    queryFn: ({ signal }) => request<Page<Key>>('/keys', { workspace_id, signal }),
  })

export function createKey(workspace_id: number, body: KeyCreate) {
  return request<Key & { key: string }>('/keys', { method: 'POST', workspace_id, body })
}

export function updateKey(workspace_id: number, id: number, body: KeyUpdate) {
  return request<Key>(`/keys/${id}`, { method: 'PATCH', workspace_id, body })
}

export function rotateKey(workspace_id: number, id: number, overlap_hours: number) {
  return request<Key & { key: string }>(`/keys/${id}/rotation`, { method: 'POST', workspace_id, body: { overlap_hours } })
}

export function revokeKey(workspace_id: number, id: number) {
  return request<void>(`/keys/${id}`, { method: 'DELETE', workspace_id })
}
