import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import './chosen-bar.css'

type Props = { of: string; says: string; clear: () => void; children: ReactNode }

/** What can be done with what is chosen in a list, in the place of its filters. `of`: what the list holds. */
export function ChosenBar({ of, says, clear, children }: Props) {
  return (
    <div className="chosen-bar" role="toolbar" aria-label={`Chosen ${of}`}>
      <b className="number" aria-live="polite">
        {says}
      </b>
      {children}
      <Button className="chosen-bar-none" variant="default" onClick={clear}>
        Choose none
      </Button>
    </div>
  )
}
