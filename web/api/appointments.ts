import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type {
  Appointment,
  AppointmentAssign,
  AppointmentCancel,
  AppointmentComplete,
  AppointmentCreate,
  AppointmentEvent,
  AppointmentHandOn,
  AppointmentReschedule,
  AppointmentShown,
  AppointmentsQuery,
  AppointmentType,
  AppointmentTypeCreate,
  AppointmentTypes,
  AppointmentTypeUpdate,
  AppointmentUpdate,
  Slots,
  SlotsQuery,
} from '../../shared/appointments.ts'
import type { RoutingDecision } from '../../shared/routing.ts'
import { type Asked, type Page, pages } from './page.ts'
import { request } from './request.ts'

const SELDOM_CHANGED = 60_000

export const appointments = (workspace_id: number, search: Asked<AppointmentsQuery>) =>
  pages<Appointment>(workspace_id, '/appointments', search)

export const contactAppointments = (workspace_id: number, contact_id: number) =>
  pages<Appointment>(workspace_id, `/contacts/${contact_id}/appointments`, {})

export const calendarKey = (workspace_id: number) => [workspace_id, '/appointments/calendar']

const MOST_PAGES = 10

export type Span = { since: string; until: string }

/** Everything in a span of time at once, as a calendar shows it: 2,000 at most, and then `complete` is false. */
export const calendar = (workspace_id: number, search: Asked<AppointmentsQuery> & Span) =>
  queryOptions({
    queryKey: [...calendarKey(workspace_id), search],
    queryFn: async ({ signal }) => {
      const data: Appointment[] = []
      let cursor: string | null = null
      for (let page = 0; page < MOST_PAGES; page++) {
        const asked: Asked<AppointmentsQuery> = { ...search, sort: 'scheduled_at', limit: 200, ...(cursor && { cursor }) }
        const read: Page<Appointment> = await request('/appointments', { workspace_id, search: asked, signal })
        data.push(...read.data)
        cursor = read.next_cursor
        if (cursor === null) break
      }
      return { data, complete: cursor === null }
    },
  })

export const appointment = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/appointment', id],
    queryFn: ({ signal }) => request<AppointmentShown>(`/appointments/${id}`, { workspace_id, signal }),
  })

export const appointmentEvents = (workspace_id: number, id: number) =>
  pages<AppointmentEvent>(workspace_id, `/appointments/${id}/events`, {})

/** Asks the routing rules who should have it: whoever has it keeps it when they give it to nobody. */
export function routeAppointment(workspace_id: number, id: number) {
  return request<RoutingDecision>(`/appointments/${id}/route`, { method: 'POST', workspace_id })
}

/** Why it is whose it is, each time that it was asked, the last time first. */
export const routingDecisions = (workspace_id: number, appointment_id: number) =>
  pages<RoutingDecision>(workspace_id, '/routing-decisions', { appointment_id })

export const appointmentTypes = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/appointment-types'],
    queryFn: ({ signal }) => request<Static<typeof AppointmentTypes>>('/appointment-types', { workspace_id, signal }),
    staleTime: SELDOM_CHANGED,
  })

export const slots = (workspace_id: number, search: Asked<SlotsQuery>) =>
  queryOptions({
    queryKey: [workspace_id, '/appointments/slots', search],
    queryFn: ({ signal }) => request<Static<typeof Slots>>('/appointments/slots', { workspace_id, search, signal }),
  })

export function createAppointment(workspace_id: number, body: AppointmentCreate) {
  return request<AppointmentShown>('/appointments', { method: 'POST', workspace_id, body })
}

export function updateAppointment(workspace_id: number, id: number, body: AppointmentUpdate) {
  return request<AppointmentShown>(`/appointments/${id}`, { method: 'PATCH', workspace_id, body })
}

function post<T>(workspace_id: number, id: number, verb: string, body: T) {
  return request<AppointmentShown>(`/appointments/${id}/${verb}`, { method: 'POST', workspace_id, body })
}

export const confirmAppointment = (workspace_id: number, id: number) => post(workspace_id, id, 'confirm', {})

/** It was no no-show, or is not completed after all. */
export const reopenAppointment = (workspace_id: number, id: number) => post(workspace_id, id, 'reopen', {})

export const missAppointment = (workspace_id: number, id: number) => post(workspace_id, id, 'no-show', {})

export const rescheduleAppointment = (workspace_id: number, id: number, body: AppointmentReschedule) =>
  post(workspace_id, id, 'reschedule', body)

export const assignAppointment = (workspace_id: number, id: number, body: Static<typeof AppointmentAssign>) =>
  post(workspace_id, id, 'assign', body)

export const handOnAppointment = (workspace_id: number, id: number, body: Static<typeof AppointmentHandOn>) =>
  post(workspace_id, id, 'hand-on', body)

export const cancelAppointment = (workspace_id: number, id: number, body: Static<typeof AppointmentCancel>) =>
  post(workspace_id, id, 'cancel', body)

export const completeAppointment = (workspace_id: number, id: number, body: AppointmentComplete) =>
  post(workspace_id, id, 'complete', body)

export function createAppointmentType(workspace_id: number, body: AppointmentTypeCreate) {
  return request<AppointmentType>('/appointment-types', { method: 'POST', workspace_id, body })
}

export function updateAppointmentType(workspace_id: number, key: string, body: AppointmentTypeUpdate) {
  return request<AppointmentType>(`/appointment-types/${key}`, { method: 'PATCH', workspace_id, body })
}

export function deleteAppointmentType(workspace_id: number, key: string) {
  return request<null>(`/appointment-types/${key}`, { method: 'DELETE', workspace_id })
}
