import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import './state.css'

type Props = { icon: Icon; title: string; children: ReactNode; actions?: ReactNode }

/** Nothing is here yet: why, and what to do next. */
export function Empty({ icon: Sign, title, children, actions }: Props) {
  return (
    <div className="state">
      <Sign className="state-icon" size={28} stroke={1.4} aria-hidden />
      <h2>{title}</h2>
      <p>{children}</p>
      {actions && <div className="state-actions">{actions}</div>}
    </div>
  )
}
