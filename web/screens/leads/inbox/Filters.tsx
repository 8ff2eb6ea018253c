import { Button, Popover, Select } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconBellRinging } from '@tabler/icons-react'
import type { Lead, LeadsQuery } from '../../../../shared/leads.ts'
import type { Asked } from '../../../api/page.ts'
import { readWhose, type Whose } from '../../../api/whose.ts'
import { MineSwitch } from '../../../ui/MineSwitch.tsx'
import { SearchField } from '../../../ui/SearchField.tsx'
import { TimeFilter } from '../../../ui/TimeFilter.tsx'
import { usePipelines } from '../useStages.ts'
import { useUserChoices } from '../useUsers.ts'
import { KINDS } from '../words.ts'
import { FurtherFilters } from './FurtherFilters.tsx'

export type Search = Asked<Omit<LeadsQuery, 'limit' | 'cursor' | 'contact_id' | 'assigned_to'>> & {
  assigned_to?: Whose | undefined
}
export type FilterProps = { search: Search; ask: (change: Search) => void; rows: Lead[] }

const FURTHER = [
  'lead_type',
  'source',
  'campaign',
  'product',
  'state',
  'provider_id',
  'webhook_id',
  'priority',
  'is_test',
] as const

export function Filters(props: FilterProps) {
  const { search, ask } = props
  const further = FURTHER.filter(name => search[name] !== undefined).length
  const due = search.follow_up === 'due'
  return (
    <search className="toolbar inbox-toolbar">
      <SearchField label="Search name, e-mail, phone, id" value={search.q} onChange={q => ask({ q })} />
      <StatusFilter {...props} />
      <AssigneeFilter {...props} />
      <MineSwitch whose={search.assigned_to} ask={assigned_to => ask({ assigned_to })} />
      <TimeFilter search={search} ask={ask} />
      <Button
        variant={due ? 'light' : 'default'}
        aria-pressed={due}
        leftSection={<IconBellRinging size={15} stroke={1.7} />}
        onClick={() => ask({ follow_up: due ? undefined : 'due' })}
      >
        Due
      </Button>
      <Popover position="bottom-end" width={300} shadow="md" trapFocus>
        <Popover.Target>
          <Button
            variant={further ? 'light' : 'default'}
            leftSection={<IconAdjustmentsHorizontal size={15} stroke={1.7} />}
            aria-label={further ? `More filters, ${further} set` : 'More filters'}
          >
            {further ? `Filters (${further})` : 'Filters'}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <FurtherFilters {...props} names={FURTHER} />
        </Popover.Dropdown>
      </Popover>
    </search>
  )
}

/** Open, won or lost, or one stage; of several pipelines each stage says whose it is. */
function StatusFilter({ search, ask }: FilterProps) {
  const pipelines = usePipelines()
  const stages = pipelines.map(({ id, name, stages }) => ({
    group: pipelines.length > 1 ? name : 'Stages',
    items: stages.map(({ key, name }) => ({ value: `${id} ${key}`, label: name })),
  }))
  const kinds = Object.entries(KINDS).map(([value, { label }]) => ({ value, label }))
  const of_pipeline = search.pipeline_id ?? pipelines.find(({ stages }) => stages.some(({ key }) => key === search.status))?.id
  const choose = (value: string | null) => {
    const [first, status] = value?.split(' ') ?? []
    if (status) ask({ status, pipeline_id: pipelines.length > 1 ? Number(first) : undefined, kind: undefined })
    else ask({ kind: first as Search['kind'], status: undefined, pipeline_id: undefined })
  }
  return (
    <Select
      aria-label="Status"
      placeholder="Any status"
      clearable
      w={140}
      data={[{ group: 'All of a kind', items: kinds }, ...stages]}
      value={search.status ? `${of_pipeline} ${search.status}` : (search.kind ?? null)}
      onChange={choose}
    />
  )
}

function AssigneeFilter({ search, ask }: FilterProps) {
  const people = useUserChoices()
  return (
    <Select
      aria-label="Assigned to"
      placeholder="Anybody's"
      clearable
      searchable
      w={150}
      data={[{ value: 'me', label: 'Mine' }, { value: '0', label: 'Nobody yet' }, ...people]}
      value={search.assigned_to === undefined ? null : String(search.assigned_to)}
      onChange={value => ask({ assigned_to: readWhose(value) })}
    />
  )
}
