import { Alert, Progress as Bar } from '@mantine/core'
import type { Transfer } from '../../../shared/transfers.ts'
import { count, whole } from '../../ui/numbers.ts'
import { leftWords, paceWords, percentOf } from '../../ui/pace.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { actorName } from '../activities/words.ts'
import './run-progress.css'

type Run = Pick<
  Transfer,
  'state' | 'done' | 'total' | 'per_second' | 'seconds_left' | 'error' | 'actor' | 'created_at' | 'ended_at'
>

/** How far long work is, how fast it goes, how long it still takes, and who asked for it. `noun`: what is counted. */
export function RunProgress({ run, noun = 'row' }: { run: Run; noun?: string }) {
  const { state, done, total, per_second, seconds_left, error, actor, created_at, ended_at } = run
  const is_running = state === 'running'
  const facts = [
    total === null ? count(done, noun) : `${whole(done)} of ${count(total, noun)}`,
    is_running && per_second ? paceWords(per_second) : null,
    is_running && seconds_left ? leftWords(seconds_left) : null,
  ]
  return (
    <section className="run-progress" aria-label="Progress">
      <Bar
        size={10}
        radius="sm"
        {...(state === 'failed' && { color: 'red.7' })}
        value={is_running && total === null ? 100 : percentOf(run)}
        animated={is_running}
        aria-label={total === null && is_running ? 'Under way' : `${Math.round(percentOf(run))} % done`}
      />
      <p className="run-facts number">{facts.filter(Boolean).join(' · ')}</p>
      <p className="muted">
        Started by {actorName(actor)} <RelativeTime at={created_at} />
        {ended_at && (
          <>
            , {state === 'stopped' ? 'stopped' : 'ended'} <RelativeTime at={ended_at} />
          </>
        )}
      </p>
      {error && (
        <Alert color={state === 'refused' ? 'orange' : 'red'} variant="light" p="sm" mt="sm">
          {error}
        </Alert>
      )}
    </section>
  )
}
