import type { ReactNode } from 'react'
import './figures.css'

export type Figure = { label: string; value: ReactNode; unit?: string }

/** Key figures, each with its unit. */
export function Figures({ figures }: { figures: Figure[] }) {
  return (
    <dl className="figures">
      {figures.map(({ label, value, unit }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {value}
            {unit && <small> {unit}</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
