import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Transfer } from '../../../shared/transfers.ts'
import { session } from '../../api/session.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

type Run = Pick<Transfer, 'id' | 'ended_at' | 'seen_at' | 'actor'>

/** Whoever asked for it and looks at how it ended is told of it no more. `list`: where it is read from. */
export function useSeen(run: Run | undefined, see: (workspace_id: number, id: number) => Promise<unknown>, list: string) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const me = queries.getQueryData(session.queryKey)?.user.id
  const { id, ended_at, seen_at, actor } = run ?? {}
  const is_new = Boolean(ended_at) && seen_at === null && actor?.kind === 'user' && actor.id === me
  useEffect(() => {
    if (!is_new || id === undefined) return
    void see(workspace_id, id).then(() => queries.invalidateQueries({ queryKey: [workspace_id, list] }))
  }, [is_new, id, workspace_id, queries, see, list])
}
