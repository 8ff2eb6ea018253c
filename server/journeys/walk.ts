import { read, type Step } from './steps.ts'

/** An event of a journey as it is stored. */
export type JourneyEvent = { visitor_id: number; event: string; at: number; properties: Record<string, unknown> }

/** Rows of visitor_funnels, but that a time is ms. */
export type VisitorFunnel = { visitor_id: number; funnel_id: string; watch_percentage: number } & { [step in Step]?: number }

/** Rows of visitor_videos, likewise. */
export type VisitorVideo = {
  visitor_id: number
  funnel_id: string
  video_id: string
  started_at: number
  last_at: number
  watch_percentage: number
  seconds_watched: number
  replays: number
}

/** Where visitors came by these events: in the funnel that each names, and in '', which is everything. */
export class Walks {
  readonly funnels = new Map<string, VisitorFunnel>()
  readonly videos = new Map<string, VisitorVideo>()

  add({ visitor_id, event, at, properties }: JourneyEvent) {
    const { steps, watch_percentage, funnel_id, video } = read(event, properties)
    for (const id of steps.length === 0 ? [] : new Set(['', funnel_id])) {
      const key = `${visitor_id} ${id}`
      const walk = keep<VisitorFunnel>(this.funnels, key, () => ({ visitor_id, funnel_id: id, watch_percentage: 0 }))
      for (const step of steps) walk[step] = Math.min(walk[step] ?? at, at)
      walk.watch_percentage = Math.max(walk.watch_percentage, watch_percentage)
    }
    if (video) {
      const { video_id } = video
      const seen = keep(this.videos, JSON.stringify([visitor_id, funnel_id, video_id]), () => ({
        visitor_id, funnel_id, video_id, started_at: at, last_at: at, watch_percentage: 0, seconds_watched: 0, replays: 0,
      })) // biome-ignore format: one word after the other
      seen.started_at = Math.min(seen.started_at, at)
      seen.last_at = Math.max(seen.last_at, at)
      seen.watch_percentage = Math.max(seen.watch_percentage, watch_percentage)
      seen.seconds_watched = Math.max(seen.seconds_watched, video.seconds_watched)
      seen.replays += video.replays
    }
  }
}

function keep<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key)
  if (known) return known
  const made = make()
  map.set(key, made)
  return made
}
