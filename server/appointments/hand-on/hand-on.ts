import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import { refuse } from '../../errors.ts'
import { type Condition, changeAppointments, lockAppointments } from '../change.ts'
import { whichAccept } from '../routing/which-accept.ts'

/**
 * Hands an appointment on to another workspace of the organization: nobody here has it any more, and a linked copy is made there when
 * this commits. Throws `invalid_fields` for a workspace that takes none from here, `in_use` for one that is handed on already or is a copy itself.
 */
export async function handOn(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  to_workspace_id: number,
  actor: Actor,
  condition: Condition,
): Promise<void> {
  const [appointment] = await lockAppointments(sql, workspace_id, [id], { ...condition, open: true })
  const { copy_workspace_id, origin_workspace_id, contact_id } = appointment!
  if (copy_workspace_id !== null) throw refuse('in_use', { message: 'It is handed on already.' })
  if (origin_workspace_id !== null) {
    throw refuse('in_use', { message: 'It was handed on to this workspace. Ask whom it came from to give it to somebody else.' })
  }
  if (!(await whichAccept(sql, workspace_id, [to_workspace_id])).has(to_workspace_id)) {
    throw refuse('invalid_fields', { fields: { workspace_id: TAKES_NONE } })
  }
  await changeAppointments(sql, workspace_id, [id], () => ({ copy_workspace_id: to_workspace_id, assigned_to: null }), actor)
  await recordActivities(sql, workspace_id, [
    {
      action: 'appointment.routed',
      actor,
      contact_id,
      subject_id: id,
      before: null,
      after: { target: { kind: 'workspace', workspace_id: to_workspace_id }, reason: 'by_hand' },
    },
  ])
}

const TAKES_NONE = 'must be another workspace of the same organization that takes appointments from this one (see its settings)'
