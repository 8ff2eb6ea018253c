import type { ReactNode } from 'react'
import { Mark } from '../../ui/Mark.tsx'
import './door.css'

/** What stands before the workspace: one thing to do, in the middle. */
export function Door({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <main className="door">
      <div className="door-panel">
        <Mark />
        <h1>{title}</h1>
        <p>{about}</p>
        {children}
      </div>
    </main>
  )
}
