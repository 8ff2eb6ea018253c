import { range } from './range.ts'
import './node-line.css'

/** How far along: a line with a node for each step, filled up to the one that was reached. */
export function NodeLine({ steps, reached, done }: { steps: number; reached: number; done?: boolean }) {
  return (
    <span className="node-line" aria-hidden data-done={done || undefined}>
      {range(steps).map(step => (
        <i key={step} data-on={step <= reached || undefined} />
      ))}
    </span>
  )
}
