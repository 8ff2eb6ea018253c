import { queryOptions } from '@tanstack/react-query'
import type {
  EngagementReport,
  JourneyPeopleQuery,
  JourneyPerson,
  JourneyReportQuery,
  OverviewReport,
} from '../../shared/journeys.ts'
import { type Asked, pages } from './page.ts'
import { request } from './request.ts'

export const overviewReport = (workspace_id: number, search: Asked<JourneyReportQuery>) =>
  queryOptions({
    queryKey: [workspace_id, '/reports/overview', search],
    queryFn: ({ signal }) => request<OverviewReport>('/reports/overview', { workspace_id, search, signal }),
  })

export const engagementReport = (workspace_id: number, search: Asked<JourneyReportQuery>) =>
  queryOptions({
    queryKey: [workspace_id, '/reports/engagement', search],
    queryFn: ({ signal }) => request<EngagementReport>('/reports/engagement', { workspace_id, search, signal }),
  })

export const journeyPeople = (workspace_id: number, search: Asked<JourneyPeopleQuery>) =>
  pages<JourneyPerson>(workspace_id, '/reports/journeys/people', search)
