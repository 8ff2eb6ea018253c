import { queryOptions } from '@tanstack/react-query'
import type {
  Conversion,
  ConversionCreate,
  ConversionEvent,
  ConversionsQuery,
  ConversionUpdate,
  RefundCreate,
} from '../../shared/conversions.ts'
import { type Asked, pages } from './page.ts'
import { request } from './request.ts'

export const conversions = (workspace_id: number, search: Asked<ConversionsQuery>) =>
  pages<Conversion>(workspace_id, '/conversions', search, 100)

export const conversion = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/conversion', id],
    queryFn: ({ signal }) => request<Conversion>(`/conversions/${id}`, { workspace_id, signal }),
  })

export const conversionEvents = (workspace_id: number, id: number) =>
  pages<ConversionEvent>(workspace_id, `/conversions/${id}/events`, {})

export function createConversion(workspace_id: number, body: ConversionCreate) {
  return request<Conversion>('/conversions', { method: 'POST', workspace_id, body })
}

export function correctConversion(workspace_id: number, id: number, body: ConversionUpdate) {
  return request<Conversion>(`/conversions/${id}`, { method: 'PATCH', workspace_id, body })
}

export function refundConversion(workspace_id: number, id: number, body: RefundCreate) {
  return request<Conversion>(`/conversions/${id}/refunds`, { method: 'POST', workspace_id, body })
}

export function voidConversion(workspace_id: number, id: number) {
  return request<Conversion>(`/conversions/${id}`, { method: 'DELETE', workspace_id })
}

export function restoreConversion(workspace_id: number, id: number) {
  return request<Conversion>(`/conversions/${id}/restoration`, { method: 'POST', workspace_id })
}
