import type { FunnelQuery, FunnelReport } from '../../../../shared/funnel-report.ts'
import { whole } from '../../../ui/numbers.ts'
import { spanWords } from '../period.ts'
import { percent } from '../words.ts'
import { GroupsPanel } from './GroupsPanel.tsx'
import { StepsPanel } from './StepsPanel.tsx'

type Props = { report: FunnelReport; question: FunnelQuery }

/** What came out: how many went how far, in all and in each group. */
export function Counted({ report, question }: Props) {
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
        <p>
          Who entered from {spanWords(from, to)}. Days are those of {time_zone}. Everybody counts once, with all their devices.
        </p>
      </section>
      {first.people === 0 ? (
        <p className="reports-quiet">Nobody entered in this period. Is the first event what you meant, and does it arrive?</p>
      ) : (
        <div className="funnel-answer">
          <StepsPanel report={report} question={question} />
          {question.breakdown && <GroupsPanel report={report} question={question} />}
        </div>
      )}
    </>
  )
}
