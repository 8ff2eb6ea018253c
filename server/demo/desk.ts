import { createPool } from '../appointments/routing/pools.ts'
import { editStaff } from '../appointments/staff/edit.ts'
import { createAppointmentType, listAppointmentTypes } from '../appointments/types.ts'
import type { Database } from '../database/connect.ts'
import { inWorkspace, nameWorkspace } from '../database/transaction.ts'
import { createUser } from '../workspaces/users.ts'

export const MARTA = { kind: 'user', id: null, name: 'Marta Lind' }

/** Who bakes with customers, from nine to five where the shop is. Without a password: nobody signs in as them. */
const BAKERS = [
  { name: 'Ida Kornmann', mailbox: 'ida', days: [1, 2, 3, 4, 5] },
  { name: 'Jonas Falk', mailbox: 'jonas', days: [2, 3, 4, 5, 6] },
  { name: 'Noor Haddad', mailbox: 'noor', days: [1, 3, 5, 6] },
] as const

const TYPES = [
  {
    key: 'starter_call',
    name: 'Starter call',
    description: 'Thirty minutes about your starter, your oven and your next loaf.',
    duration_minutes: 30,
    place: 'video',
    after_minutes: 15,
    grace_minutes: 2880,
    is_public: true,
  },
  {
    key: 'kitchen_visit',
    name: 'Kitchen visit',
    description: 'We bake together, in your kitchen.',
    duration_minutes: 120,
    place: 'home',
    before_minutes: 30,
    after_minutes: 30,
    notice_minutes: 2880,
  },
] as const

export type Baker = { user_id: number; days: readonly number[] }

/** The people, what can be booked, and the pool that shares it. Told again, they are there already. */
export async function openDesk(database: Database, workspace_id: number): Promise<Baker[]> {
  const bakers: Baker[] = []
  for (const { name, mailbox, days } of BAKERS) {
    // Of each demo its own: who works in two workspaces has one calendar.
    const email = `${mailbox}.${workspace_id}@rye-and-ember.example`
    const { user_id } = await createUser(database, { email, name, workspace_id, role: 'agent' })
    bakers.push({ user_id, days })
  }
  await database.system.begin(async sql => {
    await nameWorkspace(sql, workspace_id)
    for (const { user_id, days } of bakers) {
      const hours = days.map(weekday => ({ weekday, opens: '09:00', closes: '17:00' }))
      await editStaff(sql, workspace_id, user_id, { time_zone: 'Europe/Berlin', hours }, MARTA)
    }
  })
  await inWorkspace(database, workspace_id, async sql => {
    const { data: known } = await listAppointmentTypes(sql, workspace_id)
    if (known.some(type => type.key === TYPES[0].key)) return
    const members = bakers.map(({ user_id }) => ({ user_id }))
    const pool = await createPool(sql, workspace_id, { name: 'Bakers', strategy: 'owner_first', members }, MARTA)
    for (const type of TYPES) {
      const page = { pool_id: pool.id, address: `rye-and-ember-${type.key.replace('_', '-')}-${workspace_id}` }
      await createAppointmentType(sql, workspace_id, { ...type, ...page }, MARTA)
    }
  })
  return bakers
}
