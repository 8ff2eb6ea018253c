import { useEffect, useEffectEvent, useState } from 'react'
import type { Event, EventRefusal } from '../../shared/events.ts'
import { useWorkspaceId } from './workspace.ts'

export type LiveState = 'connecting' | 'open' | 'lost'

/** Follows what arrives in this workspace. The browser connects again by itself; when it gives up, we try every 5 s. */
export function useLive({
  onOpen,
  onEvent,
  onRefusal,
}: {
  /** What comes from now on is told; what came before is there to be read. */
  onOpen?: () => void
  onEvent?: (event: Event) => void
  onRefusal?: (refusal: EventRefusal) => void
}) {
  const workspace_id = useWorkspaceId()
  const [state, setState] = useState<LiveState>('connecting')
  const tellOpen = useEffectEvent(() => onOpen?.())
  const tellEvent = useEffectEvent((event: Event) => onEvent?.(event))
  const tellRefusal = useEffectEvent((refusal: EventRefusal) => onRefusal?.(refusal))

  useEffect(() => {
    let again: ReturnType<typeof setTimeout>
    let source: EventSource
    const connect = () => {
      source = new EventSource(`/api/v1/live?workspace_id=${workspace_id}`)
      source.onopen = () => {
        setState('open')
        tellOpen()
      }
      source.onerror = () => {
        setState('lost')
        if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, 5_000)
      }
      source.addEventListener('event', message => tellEvent(JSON.parse(message.data)))
      source.addEventListener('refusal', message => tellRefusal(JSON.parse(message.data)))
    }
    connect()
    return () => {
      clearTimeout(again)
      source.close()
    }
  }, [workspace_id])

  return state
}
