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
export function GroupsPanel({ report: { groups, others, steps, from, to }, question }: Props) {
  const { breakdown } = question
  const behind = useBehind()
  const name = breakdown!.by === 'property' ? breakdown!.property! : BREAKDOWNS[breakdown!.by]
  const shown = [...groups.map(groupOf), ...(others ? [othersOf(others)] : [])]
  const linkOf = (row: number, step: number) => behind(peopleText({ step, outcome: 'reached', group: shown[row]!.group }))
  return (
    <Panel
      title={`By ${name}`}
      about="How many of each group went all the way."
      file={`funnel-by-${breakdown!.by}-${from}-${to}`}
      sheet={{ of: 'funnel_report', query: question }}
      span={`Of those who entered ${spanWords(from, to)}`}
      columns={[
        { name },
        ...steps.map(({ step }) => ({ name: `Step ${step}`, link: (row: number) => linkOf(row, step) })),
        { name: 'Rate', say: percent },
      ]}
      rows={shown.map(({ label, steps }) => [label, ...steps.map(({ people }) => people), steps.at(-1)!.rate])}
    >
      <Bars
        label={`By ${name}`}
        above
        bars={shown.map(({ group, label, steps }, row) => {
          const all = steps[0]!.people
          const last = steps.at(-1)!
          return {
            key: JSON.stringify(group),
            label,
            share: last.rate ?? 0,
            value: percent(last.rate),
            note: `${whole(last.people)} of ${whole(all)}`,
            says: `${label}: ${whole(last.people)} of ${count(all, 'person', 'people')}, ${percent(last.rate)}`,
            link: last.people ? linkOf(row, last.step) : undefined,
            quiet: !group,
          }
        })}
      />
    </Panel>
  )
}

/** A row and a bar; without a `group` those of all groups that are not shown. */
type Shown = { group: string | null; label: string; steps: FunnelCount[] }

function groupOf({ value, steps }: FunnelReport['groups'][0]): Shown {
  return { group: value, label: groupWords(value), steps }
}

function othersOf({ groups, steps }: NonNullable<FunnelReport['others']>): Shown {
  return { group: null, label: count(groups, 'other group'), steps }
}
