import { Alert, Progress as Bar } from '@mantine/core'
import type { CrmRun } from '../../../../shared/crm.ts'
import { count, whole } from '../../../ui/numbers.ts'
import { leftWords, paceWords, percentOf } from '../../../ui/pace.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { actorName } from '../../activities/words.ts'

/** How far it is, how fast it goes, and how long it still takes. */
export function Progress({ run }: { run: CrmRun }) {
  const { state, done, total, per_second, seconds_left, error, actor, created_at, ended_at } = run
  const is_running = state === 'running'
  const of_what = run.kind === 'validate' ? 'member' : 'record'
  const facts = [
    total === null ? count(done, of_what) : `${whole(done)} of ${count(total, of_what)}`,
    is_running && per_second ? paceWords(per_second) : null,
    is_running && seconds_left ? leftWords(seconds_left) : null,
  ]
  return (
    <section className="crm-progress" aria-label="Progress">
      <Bar
        size={10}
        radius="sm"
        {...(state === 'failed' && { color: 'red.7' })}
        value={percentOf(run)}
        animated={is_running}
        aria-label={`${Math.round(percentOf(run))} % done`}
      />
      <p className="crm-progress-facts number">{facts.filter(Boolean).join(' · ')}</p>
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
