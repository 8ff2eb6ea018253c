import type { ReactNode } from 'react'
import './section.css'

type Props = { title: string; about?: ReactNode; action?: ReactNode; children: ReactNode }

export function Section({ title, about, action, children }: Props) {
  return (
    <section className="section">
      <header>
        <h2>{title}</h2>
        {action}
      </header>
      {about && <p className="section-about">{about}</p>}
      {children}
    </section>
  )
}
