import type { EngagementReport } from '../../../../shared/journeys.ts'
import { whole } from '../../../ui/numbers.ts'
import { Change } from '../Change.tsx'
import { lasted, percent } from '../words.ts'
import { aimWords, verdict, watchedFor } from './words.ts'

type Figure = {
  label: string
  value: string
  now: number | null
  before: number | null
  less?: boolean
  /** As a rate, 0 to 1. */
  aim?: { value: number | null; from: number }
}

/** The sums of engagement; those with an aim say in words how they stand to it. */
export function EngagementFigures({ report, compare }: { report: EngagementReport; compare: boolean }) {
  const { totals, previous, targets } = report
  const average = totals.average_percentage === null ? null : totals.average_percentage / 100
  const figures: Figure[] = [
    {
      label: 'Watched, of the registered',
      value: `${whole(totals.watched)} of ${whole(totals.registered)}`,
      now: totals.watched,
      before: previous.watched,
    },
    {
      label: 'Watched on average',
      value: percent(average),
      now: totals.average_percentage,
      before: previous.average_percentage,
      aim: { value: average, from: targets.average_percentage / 100 },
    },
    {
      label: 'Time on average',
      value: watchedFor(totals.average_seconds),
      now: totals.average_seconds,
      before: previous.average_seconds,
    },
    {
      label: 'Watched all',
      value: percent(totals.completion_rate),
      now: totals.completion_rate,
      before: previous.completion_rate,
      aim: { value: totals.completion_rate, from: targets.completion_rate },
    },
    { label: 'Watched again', value: percent(totals.replay_rate), now: totals.replay_rate, before: previous.replay_rate },
    {
      label: 'Time to conversion',
      value: lasted(totals.seconds_to_conversion),
      now: totals.seconds_to_conversion,
      before: previous.seconds_to_conversion,
      less: true,
    },
  ]
  return figures.map(({ label, value, now, before, less, aim }) => (
    <div key={label}>
      <dt>{label}</dt>
      <dd>
        {value} {compare && <Change now={now ?? 0} before={now === null ? 0 : (before ?? 0)} {...(less && { less })} />}
        {aim && <Aim {...aim} />}
      </dd>
    </div>
  ))
}

function Aim({ value, from }: { value: number | null; from: number }) {
  const target = { from, to: null }
  const { words, tone } = verdict(value, target)
  return (
    <small className="dashboard-aim" data-tone={tone}>
      {words}: {aimWords(target)}
    </small>
  )
}
