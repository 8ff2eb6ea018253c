import { queryOptions } from '@tanstack/react-query'
import type { Activity, Event, EventName, EventRefusal, EventsQuery } from '../../shared/events.ts'
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

export const activities = (workspace_id: number, search: { action?: string | undefined }) =>
  pages<Activity>(workspace_id, '/activities', search, 100)
