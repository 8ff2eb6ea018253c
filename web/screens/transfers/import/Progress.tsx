import { Alert, Progress as Bar } from '@mantine/core'
import type { Import } from '../../../../shared/imports.ts'
import { count, whole } from '../../../ui/numbers.ts'
import { leftWords, paceWords } from '../../../ui/pace.ts'

/** How far it is, how fast it goes, and how long it still takes. */
export function Progress({ file: { state, done, total, per_second, seconds_left, error } }: { file: Import }) {
  const percent = total ? (done / total) * 100 : 0
  const is_running = state === 'running'
  const facts = [
    total === null ? count(done, 'row') : `${whole(done)} of ${count(total, 'row')}`,
    is_running && per_second ? paceWords(per_second) : null,
    is_running && seconds_left ? leftWords(seconds_left) : null,
  ]
  return (
    <section aria-label="Progress">
      <Bar size={10} radius="sm" value={percent} animated={is_running} aria-label={`${Math.round(percent)} % done`} />
      <p className="import-facts number">{facts.filter(Boolean).join(' · ')}</p>
      {error && (
        <Alert color="red" variant="light" p="sm">
          {error}
        </Alert>
      )}
    </section>
  )
}
