import type postgres from 'postgres'
import type { NewAppointment } from './insert.ts'
import { type Asked, type Place, requireFree } from './require-free.ts'
import { type Routable, routeAppointments } from './routing/route.ts'
import type { Decision } from './routing/store.ts'

/** Whose it becomes and how it lies in their time; with the decision, when nobody was named. */
export type Given = Partial<Place> & Pick<NewAppointment, 'assigned_to' | 'reason' | 'decision_id' | 'copy_workspace_id'>

/**
 * Who gets an appointment that is about to be booked: who is named, nobody (null), or, when nothing is said (undefined), whom the routing
 * rules choose. Who is named works here (`requireMember`). Throws `slot_taken`, `invalid_fields`.
 */
export async function giveAppointment(
  sql: postgres.TransactionSql,
  wanted: Required<Pick<Routable, 'before_minutes' | 'after_minutes'>> & Routable,
  named: { assigned_to: number | null | undefined; reason: string },
  asked: Asked,
): Promise<{ given: Given; decision: Decision | null }> {
  if (named.assigned_to === undefined) {
    const [decision] = await routeAppointments(sql, [wanted])
    const { user_id: assigned_to, decision_id, reason, target, needs_free } = decision!
    const copy_workspace_id = target.kind === 'workspace' ? target.workspace_id : null
    const place =
      assigned_to === null ? {} : await requireFree(sql, { ...wanted, assigned_to }, { ...asked, allow_overlap: !needs_free })
    return { given: { ...place, assigned_to, decision_id, reason, copy_workspace_id }, decision: decision! }
  }
  const { assigned_to, reason } = named
  const place = assigned_to === null ? {} : await requireFree(sql, { ...wanted, assigned_to }, asked)
  return { given: { ...place, assigned_to, reason }, decision: null }
}
