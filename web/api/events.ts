import { queryOptions } from '@tanstack/react-query'
import type {
  ActivitiesQuery,
  Activity,
  ActivityChain,
  Event,
  EventName,
  EventRefusal,
  EventsQuery,
} from '../../shared/events.ts'
import { type Asked, type Page, pages } from './page.ts'
import { request } from './request.ts'

export const events = (workspace_id: number, search: Asked<EventsQuery>) => pages<Event>(workspace_id, '/events', search, 100)

export const eventNames = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/events/names'],
    queryFn: ({ signal }) => request<Page<EventName>>('/events/names', { workspace_id, signal }),
    staleTime: 60_000,
  })

export const refusals = (workspace_id: number) => pages<EventRefusal>(workspace_id, '/events/refusals', {}, 100)

export const activities = (workspace_id: number, search: Asked<ActivitiesQuery>) =>
  pages<Activity>(workspace_id, '/activities', search, 100)

/** Whether anybody changed the history. */
export const activityChain = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/activities/chain'],
    queryFn: ({ signal }) => request<ActivityChain>('/activities/chain', { workspace_id, signal }),
  })
