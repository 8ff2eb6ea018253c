import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { FunnelQuery, FunnelReport } from '../../../../shared/funnel-report.ts'
import { whole } from '../../../ui/numbers.ts'
import { saveCsv } from '../csv.ts'
import { spanWords } from '../period.ts'
import { percent } from '../words.ts'
import { FunnelBars } from './FunnelBars.tsx'
import { GroupsTable, StepsTable } from './FunnelTables.tsx'
import type { FunnelSearch } from './question.ts'
import { BREAKDOWNS, groupWords, stepWords } from './words.ts'

type Props = { report: FunnelReport; question: FunnelQuery; ask: (change: FunnelSearch) => void }

/** What came out: how many went how far, and the exact numbers below. */
export function Counted({ report, question, ask }: Props) {
  const { steps, from, to, time_zone } = report
  const first = steps[0]!
  const last = steps.at(-1)!
  return (
    <>
      <section className="reports-head funnel-head" aria-label="Totals">
        <dl>
          <div>
            <dt>Entered</dt>
            <dd>{whole(first.people)}</dd>
          </div>
          <div>
            <dt>Went all the way</dt>
            <dd>{whole(last.people)}</dd>
          </div>
          <div>
            <dt>Rate</dt>
            <dd>{percent(last.rate)}</dd>
          </div>
        </dl>
        <Button variant="default" leftSection={<IconDownload size={15} stroke={1.7} />} onClick={() => save(report, question)}>
          CSV
        </Button>
        <p>
          Who entered from {spanWords(from, to)}. Days are those of {time_zone}. Everybody counts once, with all their devices.
        </p>
      </section>
      {first.people === 0 ? (
        <p className="reports-quiet">Nobody entered in this period. Is the first event what you meant, and does it arrive?</p>
      ) : (
        <>
          <FunnelBars report={report} question={question} ask={ask} />
          <StepsTable report={report} question={question} />
          {question.breakdown && <GroupsTable report={report} question={question} ask={ask} />}
        </>
      )}
    </>
  )
}

function save({ from, to, steps, groups, others }: FunnelReport, { steps: asked, breakdown }: FunnelQuery) {
  const rowsOf = (group: string, of: FunnelReport['steps']) =>
    of.map(({ step, people, rate, step_rate, median_seconds, mean_seconds }) => [
      group,
      step,
      stepWords(asked[step - 1]!),
      people,
      rate,
      step_rate,
      median_seconds,
      mean_seconds,
    ])
  saveCsv(`funnel-${from}-${to}.csv`, [
    [
      breakdown ? BREAKDOWNS[breakdown.by] : 'group',
      'step',
      'event',
      'people',
      'rate',
      'step_rate',
      'median_seconds',
      'mean_seconds',
    ],
    ...rowsOf('All', steps),
    ...groups.flatMap(group => rowsOf(groupWords(group.value), group.steps)),
    ...(others ? rowsOf('Others', others.steps) : []),
  ])
}
