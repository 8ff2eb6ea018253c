import { queryOptions } from '@tanstack/react-query'
import type { Bulk, BulkCreate, BulkRow, BulkRowsQuery } from '../../shared/bulk.ts'
import type { Export, ExportAsk, ExportCreate, ExportPreview } from '../../shared/exports.ts'
import type { Transfer, TransfersQuery } from '../../shared/transfers.ts'
import { type Asked, pages } from './page.ts'
import { addressOf, request } from './request.ts'

const AGAIN_MS = 1000

export const transfers = (workspace_id: number, search: Asked<TransfersQuery>) =>
  pages<Transfer>(workspace_id, '/transfers', search)

export const transfer = (workspace_id: number, id: number) => watched<Transfer>(workspace_id, `/transfers/${id}`)
export const exported = (workspace_id: number, id: number) => watched<Export>(workspace_id, `/exports/${id}`)
export const bulkAction = (workspace_id: number, id: number) => watched<Bulk>(workspace_id, `/bulk-actions/${id}`)

/** Read again and again while it runs. */
function watched<T extends Transfer>(workspace_id: number, path: string) {
  return queryOptions({
    queryKey: [workspace_id, path],
    queryFn: ({ signal }) => request<T>(path, { workspace_id, signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? AGAIN_MS : false),
  })
}

export function seeTransfer(workspace_id: number, id: number) {
  return request<Transfer>(`/transfers/${id}/seen`, { method: 'POST', workspace_id })
}

export function stopTransfer(workspace_id: number, id: number) {
  return request<Transfer>(`/transfers/${id}/stop`, { method: 'POST', workspace_id })
}

export function resumeTransfer(workspace_id: number, id: number) {
  return request<Transfer>(`/transfers/${id}/resume`, { method: 'POST', workspace_id })
}

/** Read anew whenever somebody asks: there may be more by then. */
export const exportPreview = (workspace_id: number, body: ExportAsk) =>
  queryOptions({
    queryKey: [workspace_id, '/exports/preview', body],
    queryFn: ({ signal }) => request<ExportPreview>('/exports/preview', { method: 'POST', workspace_id, body, signal }),
    staleTime: 0,
    gcTime: 0,
  })

export function createExport(workspace_id: number, body: ExportCreate) {
  return request<Export>('/exports', { method: 'POST', workspace_id, body })
}

export function createBulk(workspace_id: number, body: BulkCreate) {
  return request<Bulk>('/bulk-actions', { method: 'POST', workspace_id, body })
}

export function startBulk(workspace_id: number, id: number) {
  return request<Bulk>(`/bulk-actions/${id}/start`, { method: 'POST', workspace_id })
}

export function undoBulk(workspace_id: number, id: number) {
  return request<Bulk>(`/bulk-actions/${id}/undo`, { method: 'POST', workspace_id })
}

export const bulkRows = (workspace_id: number, id: number, search: Asked<BulkRowsQuery>) =>
  pages<BulkRow>(workspace_id, `/bulk-actions/${id}/rows`, search)

export const bulkRowsFile = (workspace_id: number, id: number, search: Asked<BulkRowsQuery>) =>
  addressOf(`/bulk-actions/${id}/rows.csv`, workspace_id, search)
