import type { EngagementReport } from '../../../../shared/journeys.ts'
import { Columns } from '../../../charts/Columns.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { spanWords } from '../period.ts'
import { percent } from '../words.ts'
import { percentSpan } from './behind.ts'
import { Panel } from './Panel.tsx'
import { useBehind, useSheetOf } from './scope.ts'

/** How many watched how much. */
export function Histogram({ report: { histogram, totals, from, to } }: { report: EngagementReport }) {
  const sheet = useSheetOf('engagement_report')
  const behind = useBehind()
  const nameOf = (from: number, to: number) => (from === to ? `${from}%` : `${from}–${to}%`)
  return (
    <Panel
      title="How much they watched"
      about="People by the highest percentage that they reached."
      file={`watched-${from}-${to}`}
      sheet={sheet('watched')}
      span={`Of those who registered ${spanWords(from, to)}`}
      columns={[
        { name: 'Watched' },
        { name: 'People', link: row => behind(`percent:${histogram[row]!.from}-${histogram[row]!.to}`) },
        { name: 'Share', say: percent },
      ]}
      rows={histogram.map(({ from, to, people }) => [
        nameOf(from, to),
        people,
        totals.registered ? people / totals.registered : null,
      ])}
    >
      <Columns
        label="How much they watched"
        columns={histogram.map(({ from, to, people }) => ({
          key: String(from),
          label: nameOf(from, to),
          short: String(from),
          value: people,
          text: whole(people),
          says: `Watched ${percentSpan(from, to)}: ${count(people, 'person', 'people')}`,
          ...(people > 0 && { link: behind(`percent:${from}-${to}`) }),
        }))}
      />
    </Panel>
  )
}
