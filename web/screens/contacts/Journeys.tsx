import { useQuery } from '@tanstack/react-query'
import type { ContactJourney, ContactStep } from '../../../shared/contact-journey.ts'
import { journey } from '../../api/contacts.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { duration } from '../../ui/times.ts'
import './journeys.css'

const STEPS: Record<ContactStep, { label: string; after: string }> = {
  registered: { label: 'Registered', after: 'the registration' },
  viewed: { label: 'Watched', after: 'the start' },
  watched_25: { label: '25 %', after: '25 % of the video' },
  watched_50: { label: '50 %', after: '50 % of the video' },
  watched_75: { label: '75 %', after: '75 % of the video' },
  watched_100: { label: '100 %', after: 'the whole video' },
  offer_viewed: { label: 'Offer', after: 'the offer' },
  converted: { label: 'Converted', after: 'the conversion' },
}
const DAY = 86_400_000
const SHOWN = 2

/** How far a contact came in each funnel, and where they stopped; nothing of whoever was in none. */
export function Journeys({ contact_id }: { contact_id: number }) {
  const { data } = useQuery(journey(useWorkspaceId(), contact_id))
  const journeys = data?.data ?? []
  if (journeys.length === 0) return null
  const more = journeys.slice(SHOWN)
  return (
    <section className="journeys" aria-label="Journey">
      {journeys.slice(0, SHOWN).map(one => (
        <Way key={one.funnel_id} journey={one} />
      ))}
      {more.length > 0 && (
        <details>
          <summary>{more.length === 1 ? 'One more funnel' : `${more.length} more funnels`}</summary>
          {more.map(one => (
            <Way key={one.funnel_id} journey={one} />
          ))}
        </details>
      )}
    </section>
  )
}

function Way({ journey }: { journey: ContactJourney }) {
  const name = journey.name ?? journey.funnel_id ?? 'Everything they did'
  return (
    <article className="journey" aria-label={name}>
      <header>
        <h3>{name}</h3>
        <p className="muted">
          <Outcome journey={journey} />
          <Confirmation journey={journey} />
        </p>
      </header>
      <ol className="journey-steps">
        {journey.steps.map(({ step, at }) => (
          <li key={step} data-on={at !== null || undefined}>
            <span className="journey-label">{STEPS[step].label}</span>
            <span className="journey-time">{at ? <RelativeTime at={at} /> : <span aria-hidden>–</span>}</span>
          </li>
        ))}
      </ol>
      {journey.videos.length > 0 && (
        <ul className="journey-videos">
          {journey.videos.map(video => (
            <li key={video.video_id}>
              <span className="cut">{video.title ?? video.video_id ?? 'A video without an id'}</span>
              <span className="muted number">{watchedOf(video)}</span>
            </li>
          ))}
        </ul>
      )}
    </article>
  )
}

function Outcome({ journey: { stopped, steps } }: { journey: ContactJourney }) {
  if (!stopped) {
    const at = steps.at(-1)?.at
    return at ? (
      <>
        Converted <RelativeTime at={at} />
      </>
    ) : (
      'Has not registered yet'
    )
  }
  // Whoever was there a moment ago may only be on the way.
  const is_recent = Date.now() - Date.parse(stopped.at) < DAY
  const { after } = STEPS[stopped.after]
  return (
    <>
      {is_recent ? `Came as far as ${after}` : `Stopped after ${after}`}, <RelativeTime at={stopped.at} />
    </>
  )
}

function Confirmation({ journey: { confirmed_at, confirmation_asked_at } }: { journey: ContactJourney }) {
  if (!confirmed_at && !confirmation_asked_at) return null
  return confirmed_at ? (
    <>
      {' '}
      · e-mail confirmed <RelativeTime at={confirmed_at} />
    </>
  ) : (
    <>
      {' '}
      · e-mail not confirmed, asked <RelativeTime at={confirmation_asked_at} />
    </>
  )
}

function watchedOf({ watch_percentage, seconds_watched, replays }: ContactJourney['videos'][number]) {
  return [
    `${watch_percentage} %`,
    seconds_watched > 0 && `${duration(seconds_watched * 1000)} watched`,
    replays > 0 && (replays === 1 ? 'replayed once' : `replayed ${replays} times`),
  ]
    .filter(Boolean)
    .join(' · ')
}
