import type { AppointmentShown } from '../../../shared/appointments.ts'
import type { Pool } from '../../../shared/pools.ts'
import type { RoutingDecision, RoutingRule } from '../../../shared/routing.ts'
import type { FreshApp, Tenant } from '../../../test/app.ts'
import { createUser } from '../../workspaces/users.ts'
import { diaryOf } from '../diary.fixture.ts'

const ALWAYS = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '00:00', closes: '24:00' }))

/** A diary whose appointments are given out by rules, as managers set it up. */
export function dispatchOf(fresh: FreshApp, tenant: Tenant = fresh) {
  const diary = diaryOf(fresh, tenant)
  const { ask } = diary
  let count = 0
  return {
    ...diary,
    /** Somebody who works at any hour. */
    staff: async (settings: object = {}) => {
      const email = `staff-${++count}-${tenant.workspace_id}@example.com`
      const somebody = { email, name: 'Staff', workspace_id: tenant.workspace_id, role: 'agent' as const }
      const { user_id } = await createUser(fresh.database, somebody)
      await ask('PATCH', `/staff/${user_id}`, { time_zone: 'UTC', hours: ALWAYS, ...settings })
      return user_id
    },
    pool: (members: (number | object)[], given: object = {}) =>
      ask<Pool>('POST', '/pools', {
        name: 'Pool',
        strategy: 'weighted',
        members: members.map(member => (typeof member === 'number' ? { user_id: member } : member)),
        ...given,
      }),
    rule: (given: object) => ask<RoutingRule>('POST', '/routing-rules', { name: 'Rule', ...given }),
    why: async ({ id }: { id: number }) =>
      (await ask<{ data: RoutingDecision[] }>('GET', `/routing-decisions?appointment_id=${id}`)).data[0]!,
  }
}

export type Dispatch = ReturnType<typeof dispatchOf>

export const toPool = ({ id }: { id: number }) => ({ kind: 'pool', pool_id: id })
export const toPerson = (user_id: number) => ({ kind: 'person', user_id })
export const owners = (appointments: AppointmentShown[]) => appointments.map(appointment => appointment.assigned_to)
export const times = (all: (number | null)[], one: number | null) => all.filter(each => each === one).length
