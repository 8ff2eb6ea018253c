import { Button, Group, Popover, Select, Stack, Switch, TextInput } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { WATCH_SEGMENTS } from '../../../../shared/journeys.ts'
import { segments } from '../../../api/segments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { SEGMENTS } from '../../contacts/stages.tsx'
import type { DashboardProps, Scope } from './scope.ts'

const NONE: Scope = {
  segment: undefined,
  segment_id: undefined,
  utm_source: undefined,
  property_name: undefined,
  property_value: undefined,
  time_zone: undefined,
  compare: undefined,
}

/** Which people, whose days, and whether the period before stands beside it. */
export function FiltersField({ search, ask, zone }: DashboardProps & { zone: string }) {
  const { segment, segment_id, utm_source, property_name, property_value, time_zone, compare = true } = search
  const active = [segment, segment_id, utm_source, property_name && property_value, time_zone, !compare].filter(Boolean).length
  return (
    <Popover position="bottom-start" trapFocus shadow="md" width={280}>
      <Popover.Target>
        <Button variant="default" fw={400} leftSection={<IconFilter size={15} stroke={1.6} />}>
          {active ? `Filters · ${active}` : 'Filters'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <SegmentField search={search} ask={ask} />
          <TypedField
            key={`source ${utm_source}`}
            label="Source of the first visit"
            placeholder="newsletter"
            said={utm_source}
            say={utm_source => ask({ utm_source })}
          />
          <Group gap="xs" grow wrap="nowrap" align="flex-end">
            <TypedField
              key={`property ${property_name}`}
              label="Property of contacts"
              placeholder="plan"
              said={property_name}
              say={property_name => ask({ property_name })}
            />
            <TypedField
              key={`value ${property_value}`}
              label="is"
              placeholder="gold"
              said={property_value}
              say={property_value => ask({ property_value })}
            />
          </Group>
          <ZoneField search={search} ask={ask} zone={zone} label="Days of" />
          <Switch
            label="Compare with the period before"
            checked={compare}
            onChange={({ currentTarget }) => ask({ compare: currentTarget.checked ? undefined : false })}
          />
          {active > 0 && (
            <Button variant="subtle" color="gray" size="compact-sm" onClick={() => ask(NONE)}>
              Clear the filters
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Whose days: those of the workspace, unless another zone is chosen. Without a label it stands in a toolbar. */
export function ZoneField({ search: { time_zone }, ask, zone, label }: DashboardProps & { zone: string; label?: string }) {
  return (
    <Select
      {...(label ? { label, comboboxProps: { withinPortal: false } } : { 'aria-label': 'Days of', w: 170 })}
      allowDeselect={false}
      data={zonesOf(zone, time_zone)}
      value={time_zone ?? zone}
      onChange={value => ask({ time_zone: !value || value === zone ? undefined : value })}
    />
  )
}

const BY_WATCHING = {
  group: 'By watching',
  items: WATCH_SEGMENTS.map(value => ({ value: value as string, label: SEGMENTS[value].label })),
}

/** One of those that everybody has, or one of the workspace's own. */
function SegmentField({ search: { segment, segment_id }, ask }: DashboardProps) {
  const { data } = useQuery(segments(useWorkspaceId()))
  const own = (data?.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))
  return (
    <Select
      label="Segment"
      placeholder="Any"
      clearable
      comboboxProps={{ withinPortal: false }}
      data={own.length ? [BY_WATCHING, { group: 'Your own', items: own }] : [BY_WATCHING]}
      value={segment ?? (segment_id === undefined ? null : String(segment_id))}
      onChange={value => {
        const built_in = WATCH_SEGMENTS.find(one => one === value)
        ask({ segment: built_in, segment_id: value && !built_in ? Number(value) : undefined })
      }}
    />
  )
}

type TypedProps = { label: string; placeholder: string; said: string | undefined; say: (text: string | undefined) => void }

/** Asked for when somebody is done with it: half a name would be a source that nobody came from. */
function TypedField({ label, placeholder, said, say }: TypedProps) {
  const [typed, setTyped] = useState(said ?? '')
  const done = () => {
    const text = typed.trim() || undefined
    if (text !== said) say(text)
  }
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      maxLength={300}
      value={typed}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={done}
      onKeyDown={event => event.key === 'Enter' && done()}
    />
  )
}

function zonesOf(workspace: string, asked: string | undefined) {
  const browser = Intl.DateTimeFormat().resolvedOptions().timeZone
  const names = new Set([workspace, browser, 'UTC', ...(asked ? [asked] : [])])
  const about = (zone: string) => (zone === workspace ? ' (workspace)' : zone === browser ? ' (yours)' : '')
  return [...names].map(value => ({ value, label: `${value}${about(value)}` }))
}
