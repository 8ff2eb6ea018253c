import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type { Pool, PoolCreate, Pools, PoolUpdate } from '../../shared/pools.ts'
import { request } from './request.ts'

export const pools = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/pools'],
    queryFn: ({ signal }) => request<Static<typeof Pools>>('/pools', { workspace_id, signal }),
    staleTime: 60_000,
  })

export function createPool(workspace_id: number, body: PoolCreate) {
  return request<Pool>('/pools', { method: 'POST', workspace_id, body })
}

export function updatePool(workspace_id: number, id: number, body: PoolUpdate) {
  return request<Pool>(`/pools/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deletePool(workspace_id: number, id: number) {
  return request<null>(`/pools/${id}`, { method: 'DELETE', workspace_id })
}
