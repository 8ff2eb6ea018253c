import { queryOptions } from '@tanstack/react-query'
import type {
  AppointmentReport,
  AppointmentReportQuery,
  ConversionReport,
  ConversionReportQuery,
  LeadReport,
  LeadReportQuery,
} from '../../shared/reports.ts'
import type { Asked } from './page.ts'
import { request } from './request.ts'

export const leadReport = (workspace_id: number, search: Asked<LeadReportQuery>) =>
  queryOptions({
    queryKey: [workspace_id, '/reports/leads', search],
    queryFn: ({ signal }) => request<LeadReport>('/reports/leads', { workspace_id, search, signal }),
  })

export const conversionReport = (workspace_id: number, search: Asked<ConversionReportQuery>) =>
  queryOptions({
    queryKey: [workspace_id, '/reports/conversions', search],
    queryFn: ({ signal }) => request<ConversionReport>('/reports/conversions', { workspace_id, search, signal }),
  })

export const appointmentReport = (workspace_id: number, search: Asked<AppointmentReportQuery>) =>
  queryOptions({
    queryKey: [workspace_id, '/reports/appointments', search],
    queryFn: ({ signal }) => request<AppointmentReport>('/reports/appointments', { workspace_id, search, signal }),
  })
