import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { funnels } from '../../../api/funnels.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { IntervalField, PeriodField } from '../Toolbar.tsx'
import { FiltersField } from './FiltersField.tsx'
import type { DashboardProps } from './scope.ts'

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
      {over_time && <IntervalField search={search} ask={ask} time_zone={time_zone} />}
      <FiltersField search={search} ask={ask} zone={zone} />
    </search>
  )
}

export function FunnelField({ search, ask }: DashboardProps) {
  const { data } = useQuery(funnels(useWorkspaceId()))
  const known = (data?.data ?? []).map(({ funnel_id, name }) => ({ value: funnel_id, label: name }))
  const { funnel_id = '' } = search
  // Events may name a funnel that nobody has set up, or that was deleted since. Until the names are here nobody sees an id flicker.
  const unknown =
    data && funnel_id && !known.some(({ value }) => value === funnel_id) ? [{ value: funnel_id, label: funnel_id }] : []
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
