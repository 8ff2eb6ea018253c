import type { OverviewReport } from '../../../../shared/journeys.ts'
import { Bars } from '../../../charts/Bars.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { spanWords } from '../period.ts'
import { percent } from '../words.ts'
import { COMPARED, Panel } from './Panel.tsx'
import { useBehind, useSheetOf } from './scope.ts'
import { STEPS } from './words.ts'

/** From registration to conversion: how many came as far as each step, and how many were lost before it. */
export function HowFar({ report, compare }: { report: OverviewReport; compare: boolean }) {
  const sheet = useSheetOf('overview_report')
  const behind = useBehind()
  const { steps, from, to } = report
  const lostAt = (index: number) => (index ? steps[index - 1]!.people - steps[index]!.people : 0)
  return (
    <Panel
      title="How far people come"
      about="Of those who registered in this period, up to now."
      file={`funnel-${from}-${to}`}
      sheet={sheet('step')}
      span={`Of those who registered ${spanWords(from, to)}`}
      legend={compare ? COMPARED : undefined}
      columns={[
        { name: 'Step' },
        { name: 'People', link: row => behind(`step:${steps[row]!.step}`) },
        { name: 'Of the registered', say: percent },
        { name: 'Fewer than before it', link: row => (lostAt(row) > 0 ? behind(`dropped:${steps[row]!.step}`) : undefined) },
        ...(compare ? [{ name: 'Earlier period' }, { name: 'Earlier rate', say: percent }] : []),
      ]}
      rows={steps.map(({ step, people, rate, previous }, index) => [
        STEPS[step],
        people,
        rate,
        index ? lostAt(index) : null,
        ...(compare ? [previous.people, previous.rate] : []),
      ])}
    >
      <Bars
        label="How far people come"
        bars={steps.map(({ step, people, rate, previous }, index) => {
          const lost = lostAt(index)
          const part = lost > 0 ? percent(lost / steps[index - 1]!.people) : ''
          return {
            key: step,
            label: STEPS[step],
            share: rate ?? 0,
            ...(compare && { before: previous.rate ?? 0 }),
            value: whole(people),
            note: percent(rate),
            says: `${STEPS[step]}: ${count(people, 'person', 'people')}, ${percent(rate)} of those who registered`,
            link: people ? behind(`step:${step}`) : undefined,
            ...(lost > 0 && {
              lost: {
                text: `↓ ${whole(lost)} fewer, ${part}`,
                says: `${whole(lost)} fewer than before, ${part}: who did not come as far as ${STEPS[step].toLowerCase()}`,
                link: behind(`dropped:${step}`),
              },
            }),
          }
        })}
      />
    </Panel>
  )
}
