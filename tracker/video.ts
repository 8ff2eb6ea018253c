import { on } from './harmless.ts'
import { track } from './verbs.ts'

export type VideoOptions = {
  video_id: string
  funnel_id?: string | undefined
  page_id?: string | undefined
  title?: string | undefined
}

/** Videos named in the markup, also those that a framework adds later: media events do not bubble but can be captured. */
export const watchVideos = (): void =>
  on(document, 'play timeupdate', ({ target: element }: { target: HTMLVideoElement }) => {
    const { throughlineVideo: video_id, funnelId: funnel_id, pageId: page_id, title } = element.dataset
    if (video_id) video(element, { video_id, funnel_id, page_id, title })
  })

/** Counts what the browser has played; a place that somebody has only jumped to does not count. */
export const video = (element: HTMLVideoElement & { tl?: 1 }, { title, ...options }: VideoOptions): void => {
  // Followed already.
  if (element.tl) return
  element.tl = 1
  // Above 100: not started.
  let milestone = 500

  const watch = ({ type }: { type: string }): void => {
    const { played, duration } = element
    let seconds = 0
    for (let range = played.length; range--; ) seconds += played.end(range) - played.start(range)
    const send = (event: string): void =>
      track(event, {
        ...options,
        video_title: title,
        watch_percentage: milestone,
        seconds_watched: Math.round(seconds),
        duration,
      })

    if (type === 'play') {
      if (milestone === 100 && element.currentTime < duration - 1) send('video_replayed')
      if (milestone > 100) {
        milestone = 0
        send('video_started')
      }
    }
    // The half percent is for players that do not reach their last frame to the millisecond.
    while ((seconds / duration) * 100 + 0.5 >= milestone + 25) {
      milestone += 25
      send('video_progress')
      if (milestone === 100) send('video_completed')
    }
  }

  on(element, 'play timeupdate ended', watch)
  element.paused || watch({ type: 'play' })
}
