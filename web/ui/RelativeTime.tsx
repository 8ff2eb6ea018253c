import { useSyncExternalStore } from 'react'
import { absolute, relative } from './times.ts'

/** How long ago; the exact time on hover and for machines. */
export function RelativeTime({ at, empty = '' }: { at: string | null | undefined; empty?: string }) {
  const now = useSyncExternalStore(subscribe, () => clock)
  if (!at) return <span className="muted">{empty}</span>
  return (
    <time className="number" dateTime={at} title={absolute(at)}>
      {relative(at, Math.max(now, Date.parse(at)))}
    </time>
  )
}

// One clock for all of them.
let clock = Date.now()
const listeners = new Set<() => void>()

function subscribe(listener: () => void) {
  if (!listeners.size) timer = setInterval(tick, 20_000)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (!listeners.size) clearInterval(timer)
  }
}

let timer: ReturnType<typeof setInterval>

function tick() {
  clock = Date.now()
  for (const listener of listeners) listener()
}
