import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import type { HandedOver } from '../../../shared/users.ts'
import { countBooked, handOverAppointments, handOverPools } from '../../appointments/hand-over.ts'
import { countOwned, handOverContacts, handOverVisitors } from '../../contacts/hand-over.ts'
import type { Sql } from '../../database/connect.ts'
import { countAssigned, handOverLeads, handOverRules, handOverTasks } from '../../leads/hand-over.ts'
import type { Part, Whose } from '../../workspaces/people/leaver.ts'

type HandOver = (sql: postgres.TransactionSql, workspace_id: number, part: Part, actor: Actor) => Promise<number[]>

/** What can be somebody's, in the order in which it is handed over: the visible list. */
export const RECORDS: [keyof HandedOver, HandOver][] = [
  ['contacts', handOverContacts],
  ['visitors', handOverVisitors],
  ['leads', handOverLeads],
  ['tasks', handOverTasks],
  ['appointments', handOverAppointments],
]

/** What is somebody's now and can be handed over. */
export async function countRecords(sql: Sql, workspace_id: number, user_id: number): Promise<HandedOver> {
  const [owned, assigned, booked] = await Promise.all(
    [countOwned, countAssigned, countBooked].map(count => count(sql, workspace_id, user_id)),
  )
  return { contacts: 0, visitors: 0, leads: 0, tasks: 0, appointments: 0, ...owned, ...assigned, ...booked }
}

/** From here on nothing new comes to somebody by rules and pools. */
export async function handOverPlaces(sql: postgres.TransactionSql, workspace_id: number, whose: Whose) {
  await handOverRules(sql, workspace_id, whose)
  await handOverPools(sql, workspace_id, whose)
}
