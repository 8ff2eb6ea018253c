import { IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { Attempt, DeliveryShown } from '../../../../shared/webhooks.ts'
import { JsonView } from '../../../ui/JsonView.tsx'
import { count } from '../../../ui/numbers.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { absolute, moment } from '../../../ui/times.ts'
import { took } from '../words.ts'
import { AttemptBody } from './AttemptBody.tsx'

/** Every request that was made, the newest first and opened. */
export function Attempts({ delivery }: { delivery: DeliveryShown }) {
  const { attempts_made, attempts, state, url } = delivery
  const earlier = attempts - attempts_made.length
  if (!attempts_made.length) return <p className="muted">{NONE[state]}</p>
  return (
    <>
      <ol className="attempts" aria-label="Attempts, newest first">
        {attempts_made.map((attempt, index) => (
          <Row key={attempt.id} attempt={attempt} url={url} opened={index === 0} />
        ))}
      </ol>
      {earlier > 0 && <p className="muted">{count(earlier, 'earlier attempt is', 'earlier attempts are')} no longer shown.</p>}
    </>
  )
}

const NONE: Record<DeliveryShown['state'], string> = {
  queued: 'None yet. It is sent in its turn.',
  held: 'None yet. Its endpoint is paused; it is sent when that is activated.',
  delivered: 'They are no longer kept.',
  failed: 'They are no longer kept.',
  cancelled: 'None. It was cancelled before its turn came.',
}

/** `url`: where the endpoint is now. */
function Row({ attempt, url, opened: first }: { attempt: Attempt; url: string; opened: boolean }) {
  const [opened, setOpened] = useState(first)
  const id = useId()
  return (
    <li className="attempt">
      <button type="button" aria-expanded={opened} aria-controls={id} onClick={() => setOpened(!opened)}>
        <IconChevronRight size={15} stroke={1.7} aria-hidden />
        <span className="number">Attempt {attempt.number}</span>
        <AttemptStatus attempt={attempt} />
        <span className="attempt-said number muted cut">{took(attempt.ms)}</span>
        <time className="number" dateTime={attempt.at} title={absolute(attempt.at)}>
          {moment(attempt.at)}
        </time>
      </button>
      <div id={id} hidden={!opened} className="attempt-body">
        {attempt.url !== null && attempt.url !== url && (
          <p>
            For <span className="mono">{attempt.url}</span>, the address that the endpoint had then.
          </p>
        )}
        <AttemptBody attempt={attempt} />
        {attempt.body !== null && (
          <>
            <h4>Body of the request</h4>
            <JsonView value={attempt.body} />
          </>
        )}
      </div>
    </li>
  )
}

export function AttemptStatus({ attempt: { ok, status } }: { attempt: Pick<Attempt, 'ok' | 'status'> }) {
  return <Pill tone={ok ? 'good' : 'bad'}>{status ?? 'no answer'}</Pill>
}
