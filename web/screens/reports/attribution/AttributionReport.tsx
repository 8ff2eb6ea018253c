import { Select, type SelectProps, Skeleton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { AttributionDimension, AttributionModel, AttributionReport as Report } from '../../../../shared/attribution.ts'
import { attributionReport } from '../../../api/attribution.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { money, whole } from '../../../ui/numbers.ts'
import { Heading, Headings } from '../Headings.tsx'
import { FunnelField } from '../journeys/DashboardToolbar.tsx'
import { ZoneField } from '../journeys/FiltersField.tsx'
import { type DashboardProps, type Scope, useAsked } from '../journeys/scope.ts'
import { OtherCurrencies } from '../OtherCurrencies.tsx'
import { PeriodField, SaveButton } from '../Toolbar.tsx'
import { percent } from '../words.ts'
import { SentDrawer } from './SentDrawer.tsx'
import { WhoSent } from './WhoSent.tsx'
import { WhoSentTable } from './WhoSentTable.tsx'
import { MODELS, TOUCH_DIMENSIONS } from './words.ts'
import '../journeys/dashboard.css'
import './attribution.css'

type Search = Scope & { model?: AttributionModel | undefined; dimension?: AttributionDimension | undefined }
type Props = { search: Search; ask: (change: Search) => void }

/** Who sent those who register and convert, and who gets how much of it. */
export function AttributionReport({ search, ask }: Props) {
  const { funnel_id, model = 'last_touch', dimension: by = 'source' } = search
  const { asked, zone, ready } = useAsked(search)
  const { from, to, time_zone } = asked
  const query = { from, to, time_zone, funnel_id, model, by }
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...attributionReport(useWorkspaceId(), query),
    placeholderData: keepPreviousData,
    enabled: ready,
  })
  return (
    <>
      <search className="toolbar">
        <FunnelField search={search} ask={ask} />
        <PeriodField search={search} ask={ask} time_zone={time_zone} />
        <Select
          aria-label="By"
          w={160}
          allowDeselect={false}
          data={Object.entries(TOUCH_DIMENSIONS).map(([value, name]) => ({ value, label: `By ${name.toLowerCase()}` }))}
          value={by}
          onChange={value => ask({ dimension: value === 'source' ? undefined : (value as AttributionDimension) })}
        />
        <Select
          aria-label="Model"
          w={160}
          allowDeselect={false}
          comboboxProps={{ width: 320, position: 'bottom-start' }}
          maxDropdownHeight={420}
          renderOption={modelOption}
          data={Object.entries(MODELS).map(([value, { name }]) => ({ value, label: name }))}
          value={model}
          onChange={value => ask({ model: value === 'last_touch' ? undefined : (value as AttributionModel) })}
        />
        <ZoneField search={search} ask={ask} zone={zone} />
        <SaveButton sheet={data && { of: 'attribution_report', query }} />
      </search>
      {error && !data && <Failure error={error} retry={() => void refetch()} title="The report could not be read" />}
      {!data && !error && <Skeleton height={300} w="auto" m="var(--edge)" />}
      {data && (
        <div className="dashboard" aria-busy={isPlaceholderData}>
          <Loaded report={data} search={search} ask={ask} />
        </div>
      )}
    </>
  )
}

const modelOption: NonNullable<SelectProps['renderOption']> = ({ option }) => (
  <span className="attribution-model">
    <b>{option.label}</b>
    <small>{MODELS[option.value as AttributionModel].about}</small>
  </span>
)

function Loaded({ report, search, ask }: DashboardProps & { report: Report }) {
  const { totals, previous, currency } = report
  return (
    <>
      <Headings report={report}>
        <Heading label="Registered" value={whole(totals.registered)} now={totals.registered} before={previous.registered} />
        <Heading label="Of them converted" value={percent(totals.rate)} now={totals.rate ?? 0} before={previous.rate ?? 0} />
        <Heading label="Conversions" value={whole(totals.conversions)} now={totals.conversions} before={previous.conversions} />
        <Heading label="Revenue" value={money(totals.revenue, currency)} now={totals.revenue} before={previous.revenue} />
      </Headings>
      <WhoSent report={report} search={search} ask={ask} />
      <WhoSentTable report={report} />
      <SentDrawer search={search} ask={ask} report={report} />
      <OtherCurrencies report={report} />
    </>
  )
}
