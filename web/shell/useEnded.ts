import { notifications } from '@mantine/notifications'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { CrmRun } from '../../shared/crm.ts'
import type { Transfer } from '../../shared/transfers.ts'
import { useMayDo } from '../api/may.ts'
import { pages } from '../api/page.ts'
import { useWorkspaceId } from '../api/workspace.ts'
import { runEnd, runName } from '../screens/crm/words.ts'
import { endWords } from '../screens/transfers/words.ts'
import { percentOf } from '../ui/pace.ts'

const AGAIN_MS = 20_000
const SOON_MS = 1500

/** Long work of either kind: a transfer, or a run of a CRM. */
export type Work = {
  key: string
  name: string
  state: string
  percent: number
  ended_at: string | null
  /** How it ended. */
  words: string
  of: { transfer: Transfer } | { run: CrmRun }
}

/** What still runs, and what ended that whoever asked for it has not looked at (undefined until it is read). Read often while something runs. */
export function useEnded(): { running: Work[]; ended: Work[] | undefined } {
  const transfers = useWatched('/transfers', ofTransfer)
  const sees_crm = useMayDo('crm', 'read')
  const runs = useWatched('/crm/runs', ofRun, sees_crm)
  const all_read = transfers.ended && (runs.ended ?? !sees_crm)
  return {
    running: [...transfers.running, ...runs.running],
    ended: all_read ? [...transfers.ended!, ...(runs.ended ?? [])] : undefined,
  }
}

function useWatched<T>(path: string, workOf: (one: T) => Work, enabled = true) {
  const workspace_id = useWorkspaceId()
  const running = useInfiniteQuery({
    ...pages<T>(workspace_id, path, { state: 'running' }),
    refetchInterval: ({ state }) => (state.data?.pages[0]?.data.length ? SOON_MS : AGAIN_MS),
    enabled,
  })
  const now = running.data?.pages[0]?.data ?? []
  const unseen = useInfiniteQuery({
    ...pages<T>(workspace_id, path, { unseen: true }),
    refetchInterval: now.length > 0 ? SOON_MS : AGAIN_MS,
    enabled,
  })
  return { running: now.map(workOf), ended: unseen.data?.pages[0]?.data.map(workOf) }
}

function ofTransfer(transfer: Transfer): Work {
  const { id, name, state, ended_at } = transfer
  return {
    key: `transfer ${id}`,
    name,
    state,
    ended_at,
    percent: percentOf(transfer),
    words: endWords(transfer),
    of: { transfer },
  }
}

function ofRun(run: CrmRun): Work {
  const { id, state, ended_at } = run
  return { key: `run ${id}`, name: runName(run), state, ended_at, percent: percentOf(run), words: runEnd(run), of: { run } }
}

/** Says so when something ends while somebody is in a workspace, and lets the lists read what it changed. Shows nothing itself. */
export function TellEnded() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { running, ended } = useEnded()
  const known = useRef<Set<string>>(undefined)
  const busy = useRef(0)
  useEffect(() => {
    if (!ended) return
    // What ended while nobody was here is in the bell, and not said again.
    const fresh = known.current ? ended.filter(({ key }) => !known.current!.has(key)) : []
    known.current = new Set(ended.map(({ key }) => key))
    for (const { state, name, words } of fresh)
      notifications.show({ ...(state === 'failed' && { color: 'red' }), title: name, message: words })
    // Short work is never seen running.
    if (fresh.length > 0) void queries.invalidateQueries({ queryKey: [workspace_id] })
  }, [ended, queries, workspace_id])
  useEffect(() => {
    if (running.length < busy.current) void queries.invalidateQueries({ queryKey: [workspace_id] })
    busy.current = running.length
  }, [running.length, queries, workspace_id])
  return null
}
