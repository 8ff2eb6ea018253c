import type { Appointment, AppointmentShown } from '../../shared/appointments.ts'
import type { FreshApp, Tenant } from '../../test/app.ts'
import type { SignedIn } from '../../test/session.ts'
import { type Desk, deskOf } from '../leads/desk.fixture.ts'

const HOUR = 3_600_000

export type Event = {
  action: string
  actor: object
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

/** A desk that books appointments: the lead desk with a diary. */
export type Diary = Omit<Desk, 'as'> & {
  as(person: SignedIn): Diary
  /** Of somebody new, each an hour after the one before, from the day after tomorrow on. */
  book(given?: object): Promise<AppointmentShown>
  find(id: number): Promise<AppointmentShown>
  step(id: number, step: string, given?: object): Promise<AppointmentShown>
  appointments(query?: string): Promise<Appointment[]>
  /** What was told of it, the oldest first; and only by which names. */
  events(id: number): Promise<Event[]>
  told(id: number): Promise<string[]>
  /** Time goes by for this one: it began so many minutes ago. */
  age(id: number, minutes: number): Promise<void>
  /** Somebody who works on all days of the week from nine to five, in UTC. */
  hireWithHours(settings?: object): Promise<SignedIn>
}

export function diaryOf(fresh: FreshApp, tenant: Tenant = fresh, desk: Desk = deskOf(fresh, tenant)): Diary {
  let count = 0
  const events = async (id: number) => (await desk.ask<{ data: Event[] }>('GET', `/appointments/${id}/events`)).data.toReversed()
  return {
    ...desk,
    as: person => diaryOf(fresh, tenant, desk.as(person)),
    book: (given = {}) =>
      desk.ask<AppointmentShown>('POST', '/appointments', {
        email: `customer-${++count}@example.com`,
        scheduled_at: hoursFromNow(48 + count),
        ...given,
      }),
    find: id => desk.ask<AppointmentShown>('GET', `/appointments/${id}`),
    step: (id, step, given = {}) => desk.ask<AppointmentShown>('POST', `/appointments/${id}/${step}`, given),
    appointments: async (query = '') => (await desk.ask<{ data: Appointment[] }>('GET', `/appointments?${query}`)).data,
    events,
    told: async id => (await events(id)).map(event => event.action.replace('appointment.', '')),
    age: async (id, minutes) => {
      await fresh.database.system`
        update appointments
           set scheduled_at = now() - make_interval(mins => ${minutes})
         where workspace_id = ${tenant.workspace_id} and id = ${id}`
    },
    hireWithHours: async (settings = {}) => {
      const person = await desk.hire()
      const hours = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '09:00', closes: '17:00' }))
      await desk.ask('PATCH', `/staff/${person.user_id}`, { time_zone: 'UTC', hours, ...settings })
      return person
    },
  }
}

/** On the hour, as people book. */
export function hoursFromNow(hours: number): string {
  return new Date(Math.ceil(Date.now() / HOUR) * HOUR + hours * HOUR).toISOString()
}

/** At this hour (UTC) of a day to come. */
export function at(days: number, hour: number, minute = 0): string {
  const day = new Date(Date.now() + days * 24 * HOUR)
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), hour, minute)).toISOString()
}
