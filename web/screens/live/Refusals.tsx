import { IconChevronRight, IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { EventRefusal } from '../../../shared/events.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { keys } from '../../api/workspaces.ts'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { InfiniteEnd } from '../../ui/InfiniteEnd.tsx'
import { JsonView } from '../../ui/JsonView.tsx'
import type { List } from '../../ui/list.ts'
import { Pieces } from '../../ui/Pieces.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'

/** What was not stored, from which key, and why: where did my event go? */
export function Refusals({ list }: { list: List<EventRefusal> }) {
  const { data } = useQuery(keys(useWorkspaceId()))
  if (list.error) return <Failure error={list.error} retry={list.retry} />
  if (list.pending) return <SkeletonLines lines={8} pitch={41} padding="0 var(--edge)" />
  if (!list.rows.length)
    return (
      <Empty icon={IconShieldCheck} title="Nothing was refused">
        When an event cannot be stored, it appears here with the reason, the key it came with and its body as it was sent.
      </Empty>
    )
  return (
    <div className="live-scroll">
      <ol className="live-feed" aria-label="Refused events, newest first">
        {list.rows.map(refusal => (
          <Refusal key={refusal.id} refusal={refusal} key_name={data?.data.find(({ id }) => id === refusal.key_id)?.name} />
        ))}
      </ol>
      <InfiniteEnd list={list} end="Nothing earlier was refused" />
    </div>
  )
}

function Refusal({ refusal, key_name }: { refusal: EventRefusal; key_name: string | undefined }) {
  const [opened, setOpened] = useState(false)
  return (
    <li className="live-event">
      <div className="live-row live-refusal">
        <button
          type="button"
          className="live-toggle"
          aria-expanded={opened}
          aria-label={`${refusal.code}: what was sent`}
          onClick={() => setOpened(!opened)}
        >
          <IconChevronRight size={15} stroke={1.7} aria-hidden />
        </button>
        <span className="live-code mono">{refusal.code}</span>
        <span className="live-message">
          <Pieces text={refusal.message} />
        </span>
        <span className="live-key cut">{key_name ?? ''}</span>
        <RelativeTime at={refusal.received_at} />
      </div>
      {opened && (
        <div className="live-raw">
          {refusal.body ? <JsonView value={refusal.body} /> : <p className="muted">The body was not kept.</p>}
        </div>
      )}
    </li>
  )
}
