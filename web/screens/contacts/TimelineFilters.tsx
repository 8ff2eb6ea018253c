import { SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TimelineEntry } from '../../../shared/events.ts'
import { eventNames } from '../../api/events.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { sentence } from '../events/describe.ts'

type Kind = TimelineEntry['kind'] | undefined
type Props = {
  kind: Kind
  name: string | undefined
  entries: TimelineEntry[]
  ask: (change: { kind?: Kind; name?: string | undefined }) => void
}

const KINDS = [
  { value: 'all', label: 'Everything' },
  { value: 'event', label: 'What they did' },
  { value: 'activity', label: 'What changed' },
]

export function TimelineFilters({ kind, name, entries, ask }: Props) {
  const { data } = useQuery(eventNames(useWorkspaceId()))
  const known = data?.data.map(({ event }) => event) ?? []
  const names = [...new Set([...(name ? [name] : []), ...entries.map(entry => entry.name), ...known])].sort()
  return (
    <div className="timeline-filters">
      <SegmentedControl
        aria-label="Kind of entry"
        size="xs"
        data={KINDS}
        value={kind ?? 'all'}
        onChange={value => ask({ kind: value === 'all' ? undefined : (value as Kind) })}
      />
      <Select
        aria-label="One event or activity"
        placeholder="One event…"
        size="xs"
        w={190}
        clearable
        searchable
        nothingFoundMessage="No such event"
        data={names.map(value => ({ value, label: sentence(value) }))}
        value={name ?? null}
        onChange={value => ask({ kind, name: value ?? undefined })}
      />
    </div>
  )
}
