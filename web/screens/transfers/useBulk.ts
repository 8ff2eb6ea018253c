import type { BulkCreate } from '../../../shared/bulk.ts'
import { createBulk } from '../../api/transfers.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

/** Some that were chosen by hand, or all that match what a list was asked. */
export type Chosen = { ids: number[] } | { query: Record<string, unknown> }

/** Does something with all that are chosen, behind the scenes; the bell says how it ended. */
export function useBulk(of: BulkCreate['of'], chosen: Chosen, clear: () => void) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  return async (wish: Omit<BulkCreate, 'of' | 'ids' | 'query'>) => {
    const begun = await act(() => createBulk(workspace_id, { of, ...chosen, ...wish }), {
      done: 'It is under way. You are told when it is done.',
      failed: 'Nothing was changed',
    })
    if (begun) clear()
  }
}

/** A list's question as it stands in its address, without what is not asked. */
export function questionOf(search: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ''))
}
