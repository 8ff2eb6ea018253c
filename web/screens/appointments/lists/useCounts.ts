import { appointments } from '../../../api/appointments.ts'
import { useCount } from '../../../api/useCount.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { listOf } from './lists.ts'

/** How many want something done. */
export function useCounts() {
  const workspace_id = useWorkspaceId()
  return {
    unassigned: useCount(appointments(workspace_id, listOf('unassigned'))),
    waiting: useCount(appointments(workspace_id, listOf('waiting'))),
  }
}
