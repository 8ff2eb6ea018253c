import { Select } from '@mantine/core'
import { lengthOf } from '../words.ts'

const USUAL = [15, 30, 45, 60, 90, 120, 180, 240]

/** How long it lasts: one of the usual lengths, or the one that it has. */
export function LengthField({ minutes, onChange }: { minutes: number; onChange: (minutes: number) => void }) {
  const lengths = [...new Set([...USUAL, minutes])].toSorted((one, other) => one - other)
  return (
    <Select
      label="Length"
      allowDeselect={false}
      data={lengths.map(value => ({ value: String(value), label: lengthOf(value) }))}
      value={String(minutes)}
      onChange={value => value && onChange(Number(value))}
    />
  )
}
