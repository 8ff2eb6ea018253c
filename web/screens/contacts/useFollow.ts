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
    const { queryKey } = timeline(workspace_id, contact_id, search)
    const newest = await request<Page<TimelineEntry>>(`/contacts/${contact_id}/timeline`, { workspace_id, search })
    await queries.getQueryCache().find({ queryKey })?.promise
    const known = queries.getQueryData<Known>(queryKey)
    if (!known) return 0
    const { more, fits } = compare(newest, known)
    setFresh(more.length)
    if (!fits) await queries.invalidateQueries({ queryKey })
    else if (more.length > 0) queries.setQueryData<Known>(queryKey, onTop(more, known))
    return more.length
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

type Known = InfiniteData<Page<TimelineEntry>, string | null>

/** What of the newest page is not shown yet, and whether that stands above what is shown, with nothing in between. */
function compare(newest: Page<TimelineEntry>, known: Known) {
  const seen = new Set(known.pages.flatMap(page => page.data.map(keyOf)))
  const more = newest.data.filter(entry => !seen.has(keyOf(entry)))
  const first_seen = newest.data.findIndex(entry => seen.has(keyOf(entry)))
  const fits = first_seen < 0 ? newest.next_cursor === null : first_seen === more.length
  return { more, fits }
}

function onTop(more: TimelineEntry[], known: Known): Known {
  const [first, ...rest] = known.pages
  return { ...known, pages: [{ next_cursor: null, ...first, data: [...more, ...(first?.data ?? [])] }, ...rest] }
}

const keyOf = ({ kind, id }: TimelineEntry) => `${kind}-${id}`
