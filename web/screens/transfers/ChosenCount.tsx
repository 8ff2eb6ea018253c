import { Button } from '@mantine/core'
import { count } from '../../ui/numbers.ts'
import type { Everything } from './useEverything.ts'

/** How many are chosen, and all that match in one step. */
export function ChosenCount({ rows, noun, everything }: { rows: number; noun: string; everything: Everything }) {
  return (
    <>
      <b className="number" aria-live="polite">
        {everything.is_on ? `All ${noun}s that match` : `${count(rows, noun)} chosen`}
      </b>
      {everything.choose && (
        <Button variant="subtle" px={8} onClick={everything.choose}>
          Choose all that match
        </Button>
      )}
    </>
  )
}
