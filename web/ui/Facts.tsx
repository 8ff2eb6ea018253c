import { Fragment, type ReactNode } from 'react'
import './facts.css'

export type Fact = [label: string, value: ReactNode]

/** Names and values, one below the other; what is not known is left out or shown as a dash. */
export function Facts({ facts, dashes }: { facts: Fact[]; dashes?: boolean }) {
  const shown = dashes ? facts : facts.filter(([, value]) => value !== null && value !== undefined && value !== '')
  return (
    <dl className="facts">
      {shown.map(([label, value]) => (
        <Fragment key={label}>
          <dt>{label}</dt>
          <dd>{value || <span className="muted">–</span>}</dd>
        </Fragment>
      ))}
    </dl>
  )
}
