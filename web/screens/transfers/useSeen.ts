import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Transfer } from '../../../shared/transfers.ts'
import { session } from '../../api/session.ts'
import { seeTransfer } from '../../api/transfers.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

/** Whoever asked for it and looks at how it ended is told of it no more. */
export function useSeen(transfer: Transfer | undefined) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const me = queries.getQueryData(session.queryKey)?.user.id
  const { id, state, seen_at, actor } = transfer ?? {}
  const is_new = state !== undefined && state !== 'running' && seen_at === null && actor?.kind === 'user' && actor.id === me
  useEffect(() => {
    if (!is_new || id === undefined) return
    void seeTransfer(workspace_id, id).then(() => queries.invalidateQueries({ queryKey: [workspace_id, '/transfers'] }))
  }, [is_new, id, workspace_id, queries])
}
