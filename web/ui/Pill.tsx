import type { ReactNode } from 'react'
import './pill.css'

export type Tone = 'good' | 'warm' | 'bad' | 'accent' | 'plain'

/** A state in one or two words. */
export function Pill({ tone, title, children }: { tone: Tone; title?: string | undefined; children: ReactNode }) {
  return (
    <span className="pill" data-tone={tone} title={title}>
      {children}
    </span>
  )
}
