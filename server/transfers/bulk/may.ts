import type { Limits } from '../../database/limits.ts'
import { requireUnmaskedQuery } from '../../workspaces/roles/mask.ts'
import type { Doer } from '../doer.ts'
import { limitsFor, requireMayErase, whoseMay } from '../may.ts'
import type { BulkSettings } from './action.ts'

type Asked = Pick<BulkSettings, 'of' | 'action' | 'query'>

/**
 * Whose records somebody may do this with (null: everybody's), and what they see of the list. Asked when they ask for it and each time that it
 * is begun, as they may have another role by then. Throws `forbidden`.
 */
export function mayBulk(doer: Doer, { of, action, query = {} }: Asked): { only_of: number[] | null; limits: Limits | undefined } {
  if (action === 'erase') requireMayErase(doer)
  requireUnmaskedQuery(query, doer.rights.masks)
  return { only_of: whoseMay(doer, of, 'update'), limits: limitsFor(doer, of, 'update') }
}
