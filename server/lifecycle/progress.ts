/** How far an event takes a person: the stage that it enters, and how much of a video was watched. */
export type Progress = {
  entered: 'registered_at' | 'engaged_at' | 'offer_viewed_at' | 'converted_at' | null
  watch_percentage: number
}

/** The events of the funnel that move somebody on; all others are welcome and move nobody. */
const ENTERS: Record<string, NonNullable<Progress['entered']>> = {
  registration: 'registered_at',
  video_started: 'engaged_at',
  video_progress: 'engaged_at',
  video_completed: 'engaged_at',
  video_replayed: 'engaged_at',
  enrollment_viewed: 'offer_viewed_at',
  purchase_completed: 'converted_at',
  call_booked: 'converted_at',
}

export function progressOf(event: string, properties: Record<string, unknown>): Progress | null {
  const entered = Object.hasOwn(ENTERS, event) ? ENTERS[event]! : null
  if (entered === null) return null
  return { entered, watch_percentage: event === 'video_completed' ? 100 : percentage(event, properties.watch_percentage) }
}

function percentage(event: string, given: unknown): number {
  const value = event === 'video_progress' && (typeof given === 'number' || typeof given === 'string') ? Number(given) : 0
  return Number.isFinite(value) ? Math.max(0, Math.min(100, Math.floor(value))) : 0
}
