import type { LiveState } from '../../api/live.ts'

const WORDS: Record<LiveState, string> = { connecting: 'Connecting', open: 'Listening', lost: 'Connection lost, trying again' }

export function LiveDot({ state }: { state: LiveState }) {
  return (
    <span className="live-dot" data-state={state} role="status">
      {WORDS[state]}
    </span>
  )
}
