import { range } from './range.ts'
import './level-bars.css'

/** A level as rising bars, like the strength of a signal. */
export function LevelBars({ levels, level, top }: { levels: number; level: number; top?: boolean }) {
  return (
    <span className="level-bars" aria-hidden data-top={top || undefined}>
      {range(levels).map(bar => (
        <i key={bar} data-on={bar < level || undefined} style={{ height: `${Math.round(((bar + 1) / levels) * 11) + 1}px` }} />
      ))}
    </span>
  )
}
