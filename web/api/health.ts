import { queryOptions } from '@tanstack/react-query'
import type { ContactHealth, LoadTime, TechnicalReport } from '../../shared/health.ts'
import { request } from './request.ts'

export const contactHealth = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/reports/health'],
    queryFn: ({ signal }) => request<ContactHealth>('/reports/health', { workspace_id, signal }),
    refetchInterval: 60_000,
  })

export const technicalReport = (workspace_id: number, days: number) =>
  queryOptions({
    queryKey: [workspace_id, '/reports/technical', days],
    queryFn: ({ signal }) => request<TechnicalReport>('/reports/technical', { workspace_id, search: { days }, signal }),
  })

export function tellLoadTime(workspace_id: number, body: LoadTime) {
  return request<void>('/reports/loads', { method: 'POST', workspace_id, body })
}
