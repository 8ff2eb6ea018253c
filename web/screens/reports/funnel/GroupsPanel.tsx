import type { FunnelCount, FunnelQuery, FunnelReport } from '../../../../shared/funnel-report.ts'
import { Bars } from '../../../charts/Bars.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { Panel } from '../journeys/Panel.tsx'
import { useBehind } from '../journeys/scope.ts'
import { spanWords } from '../period.ts'
import { percent } from '../words.ts'
import { peopleText } from './question.ts'
import { BREAKDOWNS, groupWords } from './words.ts'

type Props = { report: FunnelReport; question: FunnelQuery }

/** Which groups go all the way; in the table how many of each came to which step. */
export function GroupsPanel({ report: { groups, others, steps, from, to }, question: { breakdown } }: Props) {
  const behind = useBehind()
  const name = breakdown!.by === 'property' ? breakdown!.property! : BREAKDOWNS[breakdown!.by]
  const linkOf = (row: number, step: number) => {
    const group = groups[row]
    return group && behind(peopleText({ step, outcome: 'reached', group: group.value }))
  }
  const cells = (of: FunnelCount[]) => [...of.map(({ people }) => people), of.at(-1)!.rate]
  return (
    <Panel
      title={`By ${name}`}
      about="How many of each group went all the way."
      file={`funnel-by-${breakdown!.by}-${from}-${to}`}
      span={`Of those who entered ${spanWords(from, to)}`}
      columns={[
        { name },
        ...steps.map(({ step }) => ({ name: `Step ${step}`, link: (row: number) => linkOf(row, step) })),
        { name: 'Rate', say: percent },
      ]}
      rows={[
        ...groups.map(({ value, steps }) => [groupWords(value), ...cells(steps)]),
        ...(others ? [[othersWords(others.groups), ...cells(others.steps)]] : []),
      ]}
    >
      <Bars
        label={`By ${name}`}
        above
        bars={groups.map(({ value, steps }, row) => {
          const all = steps[0]!.people
          const last = steps.at(-1)!
          return {
            key: value,
            label: groupWords(value),
            share: last.rate ?? 0,
            value: percent(last.rate),
            note: `${whole(last.people)} of ${whole(all)}`,
            says: `${groupWords(value)}: ${whole(last.people)} of ${count(all, 'person', 'people')}, ${percent(last.rate)}`,
            link: last.people ? linkOf(row, last.step) : undefined,
            quiet: value === '',
          }
        })}
      />
    </Panel>
  )
}

const othersWords = (groups: number) => count(groups, 'other')
