import { queryOptions } from '@tanstack/react-query'
import type {
  AttributionPeopleQuery,
  AttributionPerson,
  AttributionReport,
  AttributionReportQuery,
} from '../../shared/attribution.ts'
import { type Asked, pages } from './page.ts'
import { request } from './request.ts'

export const attributionReport = (workspace_id: number, search: Asked<AttributionReportQuery>) =>
  queryOptions({
    queryKey: [workspace_id, '/reports/attribution', search],
    queryFn: ({ signal }) => request<AttributionReport>('/reports/attribution', { workspace_id, search, signal }),
  })

export const attributionPeople = (workspace_id: number, search: Asked<AttributionPeopleQuery>) =>
  pages<AttributionPerson>(workspace_id, '/reports/attribution/people', search)
