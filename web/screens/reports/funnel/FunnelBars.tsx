import type { FunnelQuery, FunnelReport } from '../../../../shared/funnel-report.ts'
import { count, whole } from '../../../ui/numbers.ts'
import { percent } from '../words.ts'
import { type FunnelSearch, peopleText } from './question.ts'
import { stepWords, took } from './words.ts'

type Props = { report: FunnelReport; question: FunnelQuery; ask: (change: FunnelSearch) => void }

/** A bar a step, as long as the part of those who entered; between them who was lost. A click shows who they are. */
export function FunnelBars({ report: { steps }, question, ask }: Props) {
  return (
    <ol className="funnel-bars" aria-label="How far people go">
      {steps.map(({ step, people, rate, step_rate, median_seconds }, k) => {
        const lost = k === 0 ? 0 : steps[k - 1]!.people - people
        return (
          <li key={step}>
            {k > 0 && (
              <div className="funnel-lost">
                <button
                  type="button"
                  disabled={lost === 0}
                  onClick={() => ask({ people: peopleText({ step, outcome: 'dropped' }) })}
                  aria-label={`${count(lost, 'person', 'people')} dropped off before step ${step}`}
                >
                  {lost === 0 ? 'Nobody lost' : `${whole(lost)} lost (${percent(1 - (step_rate ?? 0))})`}
                </button>
                <span>{median_seconds === null ? '' : `half of the others within ${took(median_seconds)}`}</span>
              </div>
            )}
            <button
              type="button"
              className="funnel-bar"
              disabled={people === 0}
              onClick={() => ask({ people: peopleText({ step, outcome: 'reached' }) })}
              aria-label={`Step ${step}: ${count(people, 'person', 'people')}, ${percent(rate)}`}
            >
              <span className="funnel-bar-name">
                <b>{step}</b> {stepWords(question.steps[step - 1]!)}
              </span>
              <span className="funnel-bar-number number">
                <b>{whole(people)}</b> {percent(rate)}
              </span>
              <span className="funnel-bar-track">
                <span style={{ width: `${100 * (rate ?? 0)}%` }} />
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}
