import { SegmentedControl } from '@mantine/core'
import type { AttributionReport, AttributionSums } from '../../../../shared/attribution.ts'
import { Bars } from '../../../charts/Bars.tsx'
import { money, whole } from '../../../ui/numbers.ts'
import { COMPARED, Panel } from '../journeys/Panel.tsx'
import { type DashboardProps, useBehind } from '../journeys/scope.ts'
import { spanWords } from '../period.ts'
import { percent } from '../words.ts'
import { peopleOf } from './SentDrawer.tsx'
import { MODELS, sentBy, TOUCH_DIMENSIONS } from './words.ts'

/** More bars than these are not read at a glance; the table has all. */
const MOST_BARS = 12

const MEASURES = [
  { value: 'revenue', label: 'Revenue' },
  { value: 'conversions', label: 'Conversions' },
  { value: 'registrations', label: 'Registrations' },
] as const
type Measure = (typeof MEASURES)[number]['value']

/** Who sent how much: the greatest as bars, each with the period before as a thin line. */
export function WhoSent({ report, search, ask }: DashboardProps & { report: AttributionReport }) {
  const measure: Measure = MEASURES.find(one => one.value === search.measure)?.value ?? 'revenue'
  const behind = useBehind()
  const { by, model, from, to, currency, groups, totals } = report
  const of = (sums: AttributionSums) => (measure === 'registrations' ? sums.registered : sums[measure])
  const say = (value: number) => (measure === 'revenue' ? money(value, currency) : whole(value))
  const bars = groups
    .filter(group => of(group) > 0 || of(group.previous) > 0)
    .sort((one, other) => of(other) - of(one))
    .slice(0, MOST_BARS)
  const most = Math.max(...bars.flatMap(group => [of(group), of(group.previous)]), 0)
  const { label } = MEASURES.find(one => one.value === measure)!
  const dimension = TOUCH_DIMENSIONS[by]
  return (
    <Panel
      title={`${label} by ${dimension.toLowerCase()}`}
      about={
        measure === 'registrations'
          ? 'Of each person what brought them first, whenever that was.'
          : `${MODELS[model].name}: ${MODELS[model].about}`
      }
      file={`attribution-${measure}-by-${by}-${from}-${to}`}
      span={`${spanWords(from, to)}${measure === 'registrations' ? '' : `, ${MODELS[model].name.toLowerCase()}`}`}
      legend={COMPARED}
      columns={[{ name: dimension }, { name: label, say }, { name: 'Share', say: percent }, { name: 'Earlier period', say }]}
      rows={groups.map(group => [sentBy(group.value), of(group), shareOf(of(group), of(totals)), of(group.previous)])}
      action={
        <SegmentedControl
          aria-label="What the bars show"
          size="xs"
          data={[...MEASURES]}
          value={measure}
          onChange={value => ask({ measure: value === 'revenue' ? undefined : (value as Measure) })}
        />
      }
    >
      {most > 0 ? (
        <Bars
          label={`${label} by ${dimension.toLowerCase()}`}
          bars={bars.map(group => ({
            key: group.value,
            label: group.value ? cut(group.value) : 'Not named',
            share: of(group) / most,
            before: of(group.previous) / most,
            value: say(of(group)),
            note: percent(shareOf(of(group), of(totals))),
            says: `${sentBy(group.value)}: ${say(of(group))}, ${say(of(group.previous))} in the period before`,
            link:
              of(group) > 0 ? behind(peopleOf(measure === 'registrations' ? 'registered' : 'converted', group.value)) : undefined,
          }))}
        />
      ) : (
        <p className="reports-quiet">Nothing in this period, and nothing in the one before.</p>
      )}
    </Panel>
  )
}

const shareOf = (part: number, whole: number) => (whole > 0 ? part / whole : null)

/** Longer names would run into the bars; the table has them whole. */
const cut = (name: string) => (name.length > 16 ? `${name.slice(0, 15)}…` : name)
