import type { Appointment } from '../../../shared/appointments.ts'
import { Pill } from '../../ui/Pill.tsx'
import { clockIn, dayIn, nearDayIn, offsetOf, ownZone, placeOfZone, shortDayIn, spanIn } from '../../ui/zones.ts'
import { useZone } from './useTypes.ts'
import { isWaiting, outcomeName, PLACE_WORDS, STATUSES } from './words.ts'
import './appointment-parts.css'

/** Where it stands; what came of it, when that is known. */
export function Status({ appointment }: { appointment: Appointment }) {
  const { status, outcome } = appointment
  if (status === 'completed' && outcome) return <Pill tone={outcome === 'won' ? 'good' : 'plain'}>{outcomeName(outcome)}</Pill>
  if (isWaiting(appointment))
    return (
      <Pill tone="warm" title="It is over, and nobody wrote down what came of it">
        No outcome yet
      </Pill>
    )
  return <Pill tone={STATUSES[status].tone}>{STATUSES[status].label}</Pill>
}

type WhenProps = {
  appointment: Appointment
  /** "Thu 12 Mar, 14:30" */
  brief?: boolean
  /** "Thu 12 Mar, 14:30 – 15:30" */
  compact?: boolean
}

/** "Today, 14:30 – 15:30", in the zone of the workspace. */
export function When({ appointment: { scheduled_at, ends_at }, brief, compact }: WhenProps) {
  const zone = useZone()
  return (
    <time
      className="number"
      dateTime={scheduled_at}
      title={`${spanIn(scheduled_at, ends_at, zone)}, ${zoneWords(zone, scheduled_at)}`}
    >
      {brief
        ? `${shortDayIn(scheduled_at, zone)}, ${clockIn(scheduled_at, zone)}`
        : `${(compact ? nearDayIn : dayIn)(scheduled_at, zone)}, ${spanIn(scheduled_at, ends_at, zone)}`}
    </time>
  )
}

export function Where({ appointment: { place, location } }: { appointment: Pick<Appointment, 'place' | 'location'> }) {
  const { icon: Sign, label } = PLACE_WORDS[place]
  return (
    <span className="appointment-where">
      <Sign size={15} stroke={1.6} aria-hidden />
      <span className="cut">
        {label}
        {location && ': '}
        {location && (/^https?:\/\//i.test(location) ? <Web address={location} /> : location)}
      </span>
    </span>
  )
}

function Web({ address }: { address: string }) {
  return (
    <a className="text-link" href={address} target="_blank" rel="noreferrer noopener nofollow">
      {address.replace(/^https?:\/\/(www\.)?/i, '')}
    </a>
  )
}

/** "New York time (GMT-4)" */
export const zoneWords = (zone: string, at: string | number = Date.now()) =>
  zone === 'UTC' ? 'UTC' : `${placeOfZone(zone)} time (${offsetOf(at, zone)})`

/** In which zone the times of a screen are; and that it is not the zone of whoever looks, when their clocks differ. */
export function ZoneNote({ at = Date.now() }: { at?: string | number }) {
  const zone = useZone()
  const differs = offsetOf(at, zone) !== offsetOf(at, ownZone())
  return (
    <span className="appointment-zone muted" title={differs ? `Your own clock shows ${zoneWords(ownZone(), at)}` : undefined}>
      {zoneWords(zone, at)}
      {differs && <span className="appointment-zone-differs">, not your own</span>}
    </span>
  )
}
