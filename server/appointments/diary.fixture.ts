import type { Appointment, AppointmentShown } from '../../shared/appointments.ts'
import type { FreshApp, Tenant } from '../../test/app.ts'
import { deskOf } from '../leads/desk.fixture.ts'

const MINUTE = 60_000

/** A desk that books appointments: the lead desk with a diary. */
export function diaryOf(fresh: FreshApp, tenant: Tenant = fresh) {
  const desk = deskOf(fresh, tenant)
  let count = 0
  return {
    ...desk,
    /** Of somebody new, tomorrow, each an hour after the one before. */
    book: (given: object = {}) =>
      desk.ask<AppointmentShown>('POST', '/appointments', {
        email: `customer-${++count}@example.com`,
        scheduled_at: hoursFromNow(24 + count),
        ...given,
      }),
    find: (id: number) => desk.ask<AppointmentShown>('GET', `/appointments/${id}`),
    step: (id: number, step: string, given: object = {}) =>
      desk.ask<AppointmentShown>('POST', `/appointments/${id}/${step}`, given),
    appointments: async (query = '') => (await desk.ask<{ data: Appointment[] }>('GET', `/appointments?${query}`)).data,
    /** What was told of it, the oldest first. */
    told: async (id: number) =>
      (await desk.ask<{ data: { action: string }[] }>('GET', `/appointments/${id}/events`)).data
        .map(event => event.action)
        .reverse(),
    /** Time goes by for this one: it lies so many minutes in the past. */
    age: async (id: number, minutes: number) => {
      await fresh.database.system`
        update appointments
           set scheduled_at = now() - make_interval(mins => ${minutes})
         where workspace_id = ${tenant.workspace_id} and id = ${id}`
    },
  }
}

export type Diary = ReturnType<typeof diaryOf>

/** On the hour, as people book. */
export function hoursFromNow(hours: number): string {
  const hour = 60 * MINUTE
  return new Date(Math.ceil(Date.now() / hour) * hour + hours * hour).toISOString()
}
