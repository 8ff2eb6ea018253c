import type { FunnelQuery, FunnelReport } from '../../../../shared/funnel-report.ts'
import { Bars } from '../../../charts/Bars.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { Panel } from '../journeys/Panel.tsx'
import { useBehind } from '../journeys/scope.ts'
import { spanWords } from '../period.ts'
import { percent } from '../words.ts'
import { peopleText } from './question.ts'
import { stepWords, took } from './words.ts'

type Props = { report: FunnelReport; question: FunnelQuery }

/** A bar a step, as long as the part of those who entered; above it who was lost. Both lead to the people. */
export function StepsPanel({ report: { steps, from, to }, question }: Props) {
  const behind = useBehind()
  const nameOf = (step: number) => `${step}. ${stepWords(question.steps[step - 1]!)}`
  const reached = (step: number) => behind(peopleText({ step, outcome: 'reached' }))
  return (
    <Panel
      title="How far people go"
      file={`funnel-${from}-${to}`}
      sheet={{ of: 'funnel_report', query: { ...question, breakdown: undefined } }}
      span={`Of those who entered ${spanWords(from, to)}`}
      columns={[
        { name: 'Step' },
        { name: 'People', link: row => reached(row + 1) },
        { name: 'Of the first', say: percent },
        { name: 'Of the one before', say: percent },
        { name: 'Median time', say: took },
        { name: 'Average time', say: took },
      ]}
      rows={steps.map(({ step, people, rate, step_rate, median_seconds, mean_seconds }) => [
        nameOf(step),
        people,
        rate,
        step_rate,
        median_seconds,
        mean_seconds,
      ])}
    >
      <Bars
        label="How far people go"
        above
        bars={steps.map(({ step, people, rate, step_rate, median_seconds }, k) => {
          const lost = k === 0 ? 0 : steps[k - 1]!.people - people
          const pace = median_seconds === null ? '' : `half of the others within ${took(median_seconds)}`
          return {
            key: String(step),
            label: nameOf(step),
            share: rate ?? 0,
            value: whole(people),
            note: percent(rate),
            says: `Step ${step}: ${count(people, 'person', 'people')}, ${percent(rate)}`,
            link: people ? reached(step) : undefined,
            ...(k > 0 && {
              lost: {
                text: [lost ? `↓ ${whole(lost)} lost, ${percent(1 - (step_rate ?? 0))}` : '↓ nobody lost', pace]
                  .filter(Boolean)
                  .join('; '),
                says: `${count(lost, 'person', 'people')} dropped off before step ${step}`,
                link: lost ? behind(peopleText({ step, outcome: 'dropped' })) : undefined,
              },
            }),
          }
        })}
      />
    </Panel>
  )
}
