import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { TimelineEntry, TimelineQuery } from '../../../shared/events.ts'
import { contact, journey, timeline } from '../../api/contacts.ts'
import { useLive } from '../../api/live.ts'
import type { Asked, Page } from '../../api/page.ts'
import { request } from '../../api/request.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

const GATHER_MS = 800

/** Puts what this contact does now on top of the timeline, without reading the rest again. Returns how many came. */
export function useFollow(contact_id: number, search: Asked<TimelineQuery>) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const [fresh, setFresh] = useState(0)
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(waiting.current), [])

  const look = async () => {
    let came = 0
    const newest = await request<Page<TimelineEntry>>(`/contacts/${contact_id}/timeline`, { workspace_id, search })
    const { queryKey } = timeline(workspace_id, contact_id, search)
    queries.setQueryData<InfiniteData<Page<TimelineEntry>, string | null>>(queryKey, known => {
      const [first, ...rest] = known?.pages ?? []
      if (!known || !first) return known
      const seen = new Set(known.pages.flatMap(page => page.data.map(keyOf)))
      const more = newest.data.filter(entry => !seen.has(keyOf(entry)))
      came = more.length
      return came === 0 ? known : { ...known, pages: [{ ...first, data: [...more, ...first.data] }, ...rest] }
    })
    setFresh(came)
    return came
  }
  const readContact = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: contact(workspace_id, contact_id).queryKey, exact: true }),
      queries.invalidateQueries({ queryKey: journey(workspace_id, contact_id).queryKey }),
    ])
  const gathered = () => {
    waiting.current = undefined
    look()
      .then(readContact)
      .catch(() => {})
  }
  useLive({
    // What came between the reading and the following, or while the connection was lost.
    onOpen: () => {
      look()
        .then(came => (came > 0 ? readContact() : undefined))
        .catch(() => {})
    },
    onEvent: event => {
      if (event.contact_id === contact_id) waiting.current ??= setTimeout(gathered, GATHER_MS)
    },
  })
  return fresh
}

const keyOf = ({ kind, id }: TimelineEntry) => `${kind}-${id}`
