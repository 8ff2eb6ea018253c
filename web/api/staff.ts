import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type { Absence, AbsenceCreate, BusyCalendar, FeedAddress, Staff, StaffMember, StaffUpdate } from '../../shared/staff.ts'
import { request } from './request.ts'

/** Everybody who can be booked, and when. */
export const staff = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/staff'],
    queryFn: ({ signal }) => request<Static<typeof Staff>>('/staff', { workspace_id, signal }),
    staleTime: 60_000,
  })

export function updateStaff(workspace_id: number, user_id: number, body: StaffUpdate) {
  return request<StaffMember>(`/staff/${user_id}`, { method: 'PATCH', workspace_id, body })
}

export function addAbsence(workspace_id: number, user_id: number, body: Static<typeof AbsenceCreate>) {
  return request<Absence>(`/staff/${user_id}/absences`, { method: 'POST', workspace_id, body })
}

export function removeAbsence(workspace_id: number, user_id: number, id: number) {
  return request<null>(`/staff/${user_id}/absences/${id}`, { method: 'DELETE', workspace_id })
}

/** Shown once: asked for again, the one before ends. */
export function makeFeed(workspace_id: number, user_id: number) {
  return request<Static<typeof FeedAddress>>(`/staff/${user_id}/feed`, { method: 'POST', workspace_id, body: {} })
}

export function endFeed(workspace_id: number, user_id: number) {
  return request<null>(`/staff/${user_id}/feed`, { method: 'DELETE', workspace_id })
}

/** Where somebody has another calendar, which is read now and again. */
export function setBusy(workspace_id: number, user_id: number, url: string) {
  return request<BusyCalendar>(`/staff/${user_id}/busy`, { method: 'PUT', workspace_id, body: { url } })
}

export function forgetBusy(workspace_id: number, user_id: number) {
  return request<null>(`/staff/${user_id}/busy`, { method: 'DELETE', workspace_id })
}

export function readBusy(workspace_id: number, user_id: number) {
  return request<BusyCalendar>(`/staff/${user_id}/busy/read`, { method: 'POST', workspace_id, body: {} })
}
