import { Select, TextInput } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { FUNNEL_BREAKDOWNS, type FunnelBreakdown, type FunnelQuery } from '../../../../shared/funnel-report.ts'
import { funnelReport } from '../../../api/funnel-report.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { workspace } from '../../../api/workspaces.ts'
import { stepsOf } from '../../../shell/funnelReport.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { SEGMENTS, STAGES } from '../../contacts/stages.tsx'
import { PeriodField } from '../Toolbar.tsx'
import { Counted } from './Counted.tsx'
import { Counting, Stopped } from './Counting.tsx'
import { FunnelPeople } from './FunnelPeople.tsx'
import { type FunnelSearch, questionOf, USUAL_WITHIN } from './question.ts'
import { StepsEditor } from './StepsEditor.tsx'
import { BREAKDOWNS } from './words.ts'
import '../journeys/dashboard.css'
import './funnel.css'

type Props = { search: FunnelSearch; ask: (change: FunnelSearch) => void }

/** How far people go through steps that somebody puts together. Everything that is asked stands in the address. */
export function FunnelTab({ search, ask }: Props) {
  const question = questionOf(search)
  return (
    <>
      <FunnelToolbar search={search} ask={ask} />
      <StepsEditor steps={stepsOf(search.steps)} within={search.within ?? USUAL_WITHIN} ask={ask} />
      {question ? (
        <Answer question={question} search={search} ask={ask} />
      ) : (
        <Empty icon={IconFilter} title="Which way do people go?">
          Choose the events that people go through, in their order, and see how many come how far and how long it takes them.
        </Empty>
      )}
    </>
  )
}

function Answer({ question, search, ask }: Props & { question: FunnelQuery }) {
  const queries = useQueryClient()
  const asked = funnelReport(useWorkspaceId(), question)
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    ...asked,
    placeholderData: keepPreviousData,
  })
  // An answer to other steps would stand beside the wrong names.
  const fitting = data && data.steps.length === question.steps.length && !(isPlaceholderData && error)
  if (error && (!fitting || !isFetching))
    return <Failure error={error} title="This could not be counted" retry={() => void refetch()} />
  const again = () => void refetch()
  if (!isFetching && (!data || isPlaceholderData)) return <Stopped again={again} />
  const stop = () => void queries.cancelQueries(asked)
  if (!fitting) return <Counting stop={stop} />
  return (
    <>
      {isPlaceholderData && <Counting stop={stop} />}
      {!isPlaceholderData && <Counted report={data} question={question} />}
      <FunnelPeople question={question} search={search} close={() => ask(NOBODY)} />
    </>
  )
}

const NOBODY = { people: undefined }

function FunnelToolbar({ search, ask }: Props) {
  const { data } = useQuery(workspace(useWorkspaceId()))
  return (
    <search className="toolbar">
      <PeriodField
        search={search}
        ask={change => ask({ ...change, ...NOBODY })}
        time_zone={search.time_zone ?? data?.time_zone ?? 'UTC'}
      />
      <Select
        aria-label="Break down by"
        placeholder="No breakdown"
        clearable
        w={180}
        data={FUNNEL_BREAKDOWNS.map(value => ({ value, label: BREAKDOWNS[value] }))}
        value={search.breakdown ?? null}
        onChange={value => ask({ breakdown: (value as FunnelBreakdown) ?? undefined, property: undefined, ...NOBODY })}
      />
      {search.breakdown === 'property' && (
        <TextInput
          key={search.property}
          aria-label="Name of the property"
          placeholder="Name of the property"
          w={170}
          maxLength={200}
          defaultValue={search.property ?? ''}
          onBlur={({ currentTarget: { value } }) => ask({ property: value.trim() || undefined, ...NOBODY })}
          onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
        />
      )}
      <Select
        aria-label="Stage"
        placeholder="Any stage"
        clearable
        w={140}
        data={STAGES.map(({ value, label }) => ({ value, label }))}
        value={search.stage ?? null}
        onChange={value => ask({ stage: (value as FunnelSearch['stage']) ?? undefined, ...NOBODY })}
      />
      <Select
        aria-label="Segment"
        placeholder="Any segment"
        clearable
        w={150}
        data={Object.entries(SEGMENTS).map(([value, { label }]) => ({ value, label }))}
        value={search.segment ?? null}
        onChange={value => ask({ segment: (value as FunnelSearch['segment']) ?? undefined, ...NOBODY })}
      />
    </search>
  )
}
