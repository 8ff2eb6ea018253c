import { progressOf } from '../lifecycle/progress.ts'

/** The times that a visitor has in a funnel: each is the earliest of its kind, so the order in which events come does not matter. */
export const STEPS = [
  'registration_viewed_at', 'registered_at', 'confirmed_at', 'watch_viewed_at', 'started_at', 'watched_25_at', 'watched_50_at',
  'watched_75_at', 'watched_100_at', 'offer_viewed_at', 'offer_clicked_at', 'checkout_at',
] as const // biome-ignore format: one word after the other
export type Step = (typeof STEPS)[number]

const TAKES: Record<string, Step | null> = {
  registration_page_viewed: 'registration_viewed_at',
  registration: 'registered_at',
  registration_confirmed: 'confirmed_at',
  watch_page_viewed: 'watch_viewed_at',
  video_started: 'started_at',
  video_progress: 'started_at',
  video_completed: 'started_at',
  video_replayed: 'started_at',
  enrollment_viewed: 'offer_viewed_at',
  offer_clicked: 'offer_clicked_at',
  purchase_initiated: 'checkout_at',
  // What these lead to is read from the conversions that they made, which may be voided or refunded.
  purchase_completed: null,
  call_booked: null,
}

/** The events that a journey is made of. */
export const JOURNEY_EVENTS = Object.keys(TAKES)

export type Said = {
  steps: Step[]
  watch_percentage: number
  /** '' where the event names none. */
  funnel_id: string
  video: { video_id: string; seconds_watched: number; replays: number } | null
}

/** What an event of a journey says. Read from what is stored of it and from nothing else; clients may send anything. */
export function read(event: string, properties: Record<string, unknown>): Said {
  const step = TAKES[event] ?? null
  const watch_percentage = progressOf(event, properties)?.watch_percentage ?? 0
  const reached = WATCHED.filter(([percent]) => watch_percentage >= percent).map(([, at]) => at)
  return {
    steps: step === null ? [] : [step, ...reached],
    watch_percentage,
    funnel_id: idOf(properties.funnel_id),
    video:
      step === 'started_at'
        ? {
            video_id: idOf(properties.video_id),
            seconds_watched: secondsOf(properties.seconds_watched),
            replays: event === 'video_replayed' ? 1 : 0,
          }
        : null,
  }
}

const WATCHED: [percent: number, at: Step][] = [
  [25, 'watched_25_at'],
  [50, 'watched_50_at'],
  [75, 'watched_75_at'],
  [100, 'watched_100_at'],
]

const LONGEST_ID = 200

/** One that is too long for an index is none. */
function idOf(given: unknown): string {
  const text = typeof given === 'number' ? String(given) : typeof given === 'string' ? given.trim() : ''
  return text.length <= LONGEST_ID && !text.includes('\0') ? text : ''
}

const A_DAY = 86_400

function secondsOf(given: unknown): number {
  const seconds = typeof given === 'number' || (typeof given === 'string' && given !== '') ? Number(given) : 0
  return Number.isFinite(seconds) ? Math.round(Math.max(0, Math.min(A_DAY, seconds))) : 0
}
