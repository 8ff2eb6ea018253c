import { Autocomplete } from '@mantine/core'
import { OUTCOMES } from '../../../../shared/appointments.ts'
import { OUTCOME_WORDS } from '../words.ts'

/** One of the outcomes that come ready, in the words of the screen, or one's own. */
export function OutcomeField({ value, onChange }: { value: string; onChange: (outcome: string) => void }) {
  return (
    <Autocomplete
      data-autofocus
      label="Outcome"
      description="Choose one, or write a word of your own."
      maxLength={200}
      data={OUTCOMES.map(key => OUTCOME_WORDS[key]!)}
      value={value}
      onChange={onChange}
    />
  )
}
