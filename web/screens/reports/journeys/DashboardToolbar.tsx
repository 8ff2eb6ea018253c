import { Button, Popover, Select, Stack, Switch, TextInput } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { WATCH_SEGMENTS } from '../../../../shared/journeys.ts'
import { funnels } from '../../../api/funnels.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { SEGMENTS } from '../../contacts/stages.tsx'
import { periodOf } from '../period.ts'
import { INTERVALS, PeriodField } from '../Toolbar.tsx'
import type { DashboardProps, Scope } from './scope.ts'

type Props = DashboardProps & {
  /** Whether something is drawn over time. */
  over_time?: boolean
  /** The workspace's. */
  zone: string
}

/** Of which funnel, when, compared with what, and of which people. */
export function DashboardToolbar({ search, ask, over_time, zone }: Props) {
  const time_zone = search.time_zone ?? zone
  return (
    <search className="toolbar">
      <FunnelField search={search} ask={ask} />
      <PeriodField search={search} ask={ask} time_zone={time_zone} />
      {over_time && (
        <Select
          aria-label="Interval"
          w={120}
          allowDeselect={false}
          data={INTERVALS}
          value={periodOf(search, Date.now(), time_zone).interval}
          onChange={value => ask({ interval: (value as Scope['interval']) ?? undefined })}
        />
      )}
      <FiltersField search={search} ask={ask} zone={zone} />
    </search>
  )
}

function FunnelField({ search, ask }: DashboardProps) {
  const { data } = useQuery(funnels(useWorkspaceId()))
  const known = (data?.data ?? []).map(({ funnel_id, name }) => ({ value: funnel_id, label: name }))
  const { funnel_id = '' } = search
  // Events may name a funnel that nobody has set up, or that was deleted since.
  const unknown = funnel_id && !known.some(({ value }) => value === funnel_id) ? [{ value: funnel_id, label: funnel_id }] : []
  return (
    <Select
      aria-label="Funnel"
      w={200}
      allowDeselect={false}
      data={[{ value: '', label: 'All funnels' }, ...known, ...unknown]}
      value={funnel_id}
      onChange={value => ask({ funnel_id: value || undefined })}
    />
  )
}

const SEGMENT_CHOICES = WATCH_SEGMENTS.map(value => ({ value, label: SEGMENTS[value].label }))

function FiltersField({ search, ask, zone }: DashboardProps & { zone: string }) {
  const { segment, utm_source, time_zone, compare = true } = search
  const active = [segment, utm_source, time_zone, !compare].filter(Boolean).length
  return (
    <Popover position="bottom-start" trapFocus shadow="md" width={280}>
      <Popover.Target>
        <Button variant="default" fw={400} leftSection={<IconFilter size={15} stroke={1.6} />}>
          {active ? `Filters · ${active}` : 'Filters'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Select
            label="Segment"
            placeholder="Any"
            clearable
            comboboxProps={{ withinPortal: false }}
            data={SEGMENT_CHOICES}
            value={segment ?? null}
            onChange={value => ask({ segment: (value as Scope['segment']) ?? undefined })}
          />
          <SourceField key={utm_source} search={search} ask={ask} />
          <Select
            label="Days of"
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
            data={zonesOf(zone, time_zone)}
            value={time_zone ?? zone}
            onChange={value => ask({ time_zone: !value || value === zone ? undefined : value })}
          />
          <Switch
            label="Compare with the period before"
            checked={compare}
            onChange={({ currentTarget }) => ask({ compare: currentTarget.checked ? undefined : false })}
          />
          {active > 0 && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              onClick={() => ask({ segment: undefined, utm_source: undefined, time_zone: undefined, compare: undefined })}
            >
              Clear the filters
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Asked for when somebody is done with it: half a name would be a source that nobody came from. */
function SourceField({ search, ask }: DashboardProps) {
  const [typed, setTyped] = useState(search.utm_source ?? '')
  const done = () => {
    const utm_source = typed.trim() || undefined
    if (utm_source !== search.utm_source) ask({ utm_source })
  }
  return (
    <TextInput
      label="Source of the first visit"
      placeholder="newsletter"
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
