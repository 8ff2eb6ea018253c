import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { ChosenBar } from '../../ui/ChosenBar.tsx'
import { count } from '../../ui/numbers.ts'
import type { Everything } from './useEverything.ts'

type Props = { rows: number; noun: string; everything: Everything; children: ReactNode }

/** What can be done with what is chosen, or with all that match in one step. */
export function ManyBar({ rows, noun, everything, children }: Props) {
  const says = everything.is_on ? `All ${noun}s that match` : `${count(rows, noun)} chosen`
  return (
    <ChosenBar of={`${noun}s`} says={says} clear={everything.clear}>
      {everything.choose && (
        <Button variant="subtle" px={8} onClick={everything.choose}>
          Choose all that match
        </Button>
      )}
      {children}
    </ChosenBar>
  )
}
