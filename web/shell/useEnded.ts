import { notifications } from '@mantine/notifications'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Transfer } from '../../shared/transfers.ts'
import { transfers } from '../api/transfers.ts'
import { useWorkspaceId } from '../api/workspace.ts'
import { endWords } from '../screens/transfers/words.ts'

const AGAIN_MS = 20_000
const SOON_MS = 1500

/** What still runs, and what ended that whoever asked for it has not looked at (undefined until it is read). Read often while something runs. */
export function useEnded(): { running: Transfer[]; ended: Transfer[] | undefined } {
  const workspace_id = useWorkspaceId()
  const running = useInfiniteQuery({
    ...transfers(workspace_id, { state: 'running' }),
    refetchInterval: ({ state }) => (state.data?.pages[0]?.data.length ? SOON_MS : AGAIN_MS),
  })
  const now = running.data?.pages[0]?.data ?? []
  const unseen = useInfiniteQuery({
    ...transfers(workspace_id, { unseen: true }),
    refetchInterval: now.length > 0 ? SOON_MS : AGAIN_MS,
  })
  return { running: now, ended: unseen.data?.pages[0]?.data }
}

/** Says so when something ends while somebody is here, and lets the lists read what it changed. */
export function useTellEnded() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { running, ended } = useEnded()
  const known = useRef<Set<number>>(undefined)
  const busy = useRef(0)
  useEffect(() => {
    if (!ended) return
    // What ended while nobody was here is in the bell, and not said again.
    const fresh = known.current ? ended.filter(({ id }) => !known.current!.has(id)) : []
    known.current = new Set(ended.map(({ id }) => id))
    for (const one of fresh)
      notifications.show({ ...(one.state === 'failed' && { color: 'red' }), title: one.name, message: endWords(one) })
  }, [ended])
  useEffect(() => {
    if (running.length < busy.current) void queries.invalidateQueries({ queryKey: [workspace_id] })
    busy.current = running.length
  }, [running, queries, workspace_id])
}
