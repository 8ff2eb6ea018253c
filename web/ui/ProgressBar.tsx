import './progress-bar.css'

/** How much of something, small enough for a line of text. */
export function ProgressBar({ percent, label }: { percent: number; label: string }) {
  return (
    <span className="progress-bar" role="img" aria-label={label} title={label}>
      <span className="progress-bar-track">
        <span style={{ width: `${Math.min(100, Math.max(0, percent))}%` }} />
      </span>
      <span className="number">{Math.round(percent)} %</span>
    </span>
  )
}
