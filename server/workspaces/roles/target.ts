import type { FastifyRequest } from 'fastify'
import type postgres from 'postgres'
import type { PermissionScope } from '../../../shared/permissions.ts'
import { refuse } from '../../errors.ts'
import { type Access, whose } from './access.ts'
import { type Need, placeOf } from './place.ts'

/**
 * Throws `not_found` for a record that somebody does not see, `forbidden` for one that they only see. The record is the one that the
 * address names, and the contact or lead that the body puts something on. Asks nothing for whoever may change everybody's.
 */
export async function requireTarget(
  sql: postgres.Sql,
  workspace_id: number,
  access: Access,
  request: FastifyRequest,
  need: Need,
): Promise<void> {
  const { scope, action } = placeOf(request, need)
  const { contact_id, lead_id } = (request.body ?? {}) as { contact_id?: unknown; lead_id?: unknown }
  if (typeof contact_id === 'number') await requireSeen(sql, workspace_id, access, 'contacts', contact_id)
  if (typeof lead_id === 'number') await requireSeen(sql, workspace_id, access, 'leads', lead_id)
  const may = whose(access, scope, action)
  const { id } = (request.params ?? {}) as { id?: unknown }
  if (typeof id === 'number' && request.routeOptions.url?.startsWith('/api/v1/notes/')) {
    const [note] = await sql<{ contact_id: number }[]>`
      select contact_id from notes where workspace_id = ${workspace_id} and id = ${id}`
    if (note) await requireSeen(sql, workspace_id, access, 'contacts', note.contact_id) // a note has no owner but its contact's
  }
  if (may === null || typeof id !== 'number' || !request.routeOptions.url?.startsWith(`/api/v1/${scope}/`)) return
  const owners = await requireSeen(sql, workspace_id, access, scope, id)
  if (owners && !has(owners, may))
    throw refuse('forbidden', { message: 'Your role changes what is yours. Ask a manager for this one.' })
}

async function requireSeen(sql: postgres.Sql, workspace_id: number, access: Access, scope: PermissionScope, id: number) {
  const sees = whose(access, scope, 'read')
  const query = OWNERS[scope]
  if (!query) return undefined
  const [row] = await sql<{ owners: (number | null)[] }[]>`${query(sql, workspace_id, id)}`
  if (row && sees !== null && !has(row.owners, sees)) throw refuse('not_found')
  return row?.owners // of one that is not there, the route says so
}

type Ask = (sql: postgres.Sql, workspace_id: number, id: number) => postgres.PendingQuery<postgres.Row[]>

/** As the policies of db/migrations/0023_people.sql have it. */
const OWNERS: Partial<Record<PermissionScope, Ask>> = {
  contacts: (sql, workspace_id, id) => sql`
    select array(select c.owner_id
                  union all
                 select assigned_to from leads where workspace_id = ${workspace_id} and contact_id = ${id}
                  union all
                 select assigned_to from appointments where workspace_id = ${workspace_id} and contact_id = ${id}) as owners
      from contacts c
     where c.workspace_id = ${workspace_id} and c.id = ${id}`,
  visitors: (sql, workspace_id, id) => sql`
    select array[v.owner_id, c.owner_id] as owners
      from visitors v
      left join contacts c on c.workspace_id = v.workspace_id and c.id = v.contact_id
     where v.workspace_id = ${workspace_id} and v.id = ${id}`,
  leads: (sql, workspace_id, id) => sql`
    select array[assigned_to] as owners from leads where workspace_id = ${workspace_id} and id = ${id}`,
  tasks: (sql, workspace_id, id) => sql`
    select array[t.assigned_to, l.assigned_to] as owners
      from tasks t
      left join leads l on l.workspace_id = t.workspace_id and l.id = t.lead_id
     where t.workspace_id = ${workspace_id} and t.id = ${id}`,
  appointments: (sql, workspace_id, id) => sql`
    select array[assigned_to] as owners from appointments where workspace_id = ${workspace_id} and id = ${id}`,
  conversions: (sql, workspace_id, id) => sql`
    select array[c.owner_id] as owners
      from conversions s
      left join contacts c on c.workspace_id = s.workspace_id and c.id = s.contact_id
     where s.workspace_id = ${workspace_id} and s.id = ${id}`,
}

function has(owners: (number | null)[], users: number[]) {
  return owners.some(owner => owner !== null && users.includes(owner))
}
