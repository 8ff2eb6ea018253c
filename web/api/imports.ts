import { queryOptions } from '@tanstack/react-query'
import type { Import, ImportOf, ImportPreview, ImportRow, ImportTargets, ImportUpdate } from '../../shared/imports.ts'
import type { Transfer } from '../../shared/transfers.ts'
import { addressOf, request, upload } from './request.ts'

type List<T> = { data: T[]; next_cursor: string | null }

/** How soon it is asked again while something runs. */
const RUNNING_MS = 1000

export const imports = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/transfers', 'import'],
    queryFn: ({ signal }) =>
      request<List<Transfer>>('/transfers', { workspace_id, search: { kind: 'import', limit: 50 }, signal }),
    refetchInterval: ({ state }) => (state.data?.data.some(one => one.state === 'running') ? RUNNING_MS : false),
  })

export const importOf = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/imports', id],
    queryFn: ({ signal }) => request<Import>(`/imports/${id}`, { workspace_id, signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? RUNNING_MS : false),
  })

/** Read again with every change of how the file is read. */
export const importPreview = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/imports', id, 'preview'],
    queryFn: ({ signal }) => request<ImportPreview>(`/imports/${id}/preview`, { workspace_id, signal }),
  })

/** The first that were not written. */
export const importRows = (workspace_id: number, { id, step, done }: Import, outcome: ImportRow['outcome']) =>
  queryOptions({
    queryKey: [workspace_id, '/imports', id, 'rows', outcome, step, done],
    queryFn: ({ signal }) =>
      request<List<ImportRow>>(`/imports/${id}/rows`, { workspace_id, search: { outcome, limit: 50 }, signal }),
  })

export const importTargets = (workspace_id: number, of: ImportOf) =>
  queryOptions({
    queryKey: [workspace_id, '/import-targets', of],
    queryFn: ({ signal }) => request<ImportTargets>('/import-targets', { workspace_id, search: { of }, signal }),
  })

export function sendImport(workspace_id: number, of: ImportOf, file: File, signal: AbortSignal, onSent: (bytes: number) => void) {
  return upload<Import>('/imports', { workspace_id, search: { name: file.name.slice(0, 200), of }, file, signal, onSent })
}

export function updateImport(workspace_id: number, id: number, body: ImportUpdate) {
  return request<Import>(`/imports/${id}`, { method: 'PATCH', workspace_id, body })
}

export function startImport(workspace_id: number, id: number, verb: 'check' | 'run' | 'revert') {
  return request<Import>(`/imports/${id}/${verb}`, { method: 'POST', workspace_id })
}

export function moveImport(workspace_id: number, id: number, verb: 'stop' | 'resume') {
  return request<Transfer>(`/transfers/${id}/${verb}`, { method: 'POST', workspace_id })
}

export function failedRowsAddress(workspace_id: number, id: number) {
  return addressOf(`/imports/${id}/failed.csv`, workspace_id)
}
