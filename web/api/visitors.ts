import { queryOptions } from '@tanstack/react-query'
import type { Event } from '../../shared/events.ts'
import type { Visitor, VisitorsQuery } from '../../shared/visitors.ts'
import { type Asked, pages } from './page.ts'
import { request } from './request.ts'

export const visitors = (workspace_id: number, search: Asked<VisitorsQuery>) =>
  pages<Visitor>(workspace_id, '/visitors', search, 100)

export const visitor = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/visitor', id],
    queryFn: ({ signal }) => request<Visitor>(`/visitors/${id}`, { workspace_id, signal }),
  })

export const visitorEvents = (workspace_id: number, id: number) => pages<Event>(workspace_id, `/visitors/${id}/events`, {})

export function giveVisitor(workspace_id: number, id: number, owner_id: number | null) {
  return request<Visitor>(`/visitors/${id}`, { method: 'PATCH', workspace_id, body: { owner_id } })
}
