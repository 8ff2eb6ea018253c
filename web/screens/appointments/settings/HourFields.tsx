import { TextInput } from '@mantine/core'

type Hours = { opens: string; closes: string }
type Props = { label: string; value: Hours; onChange: (value: Hours) => void }

/** From when until when, by the clock on the wall. The end of the day is midnight, which the wire calls 24:00. */
export function HourFields({ label, value: { opens, closes }, onChange }: Props) {
  return (
    <span className="hour-fields">
      <TextInput
        type="time"
        aria-label={`${label}: from`}
        required
        value={opens}
        onChange={({ currentTarget }) => onChange({ opens: currentTarget.value, closes })}
      />
      <span aria-hidden>–</span>
      <TextInput
        type="time"
        aria-label={`${label}: until`}
        required
        value={closes === '24:00' ? '00:00' : closes}
        onChange={({ currentTarget }) =>
          onChange({ opens, closes: currentTarget.value === '00:00' ? '24:00' : currentTarget.value })
        }
      />
    </span>
  )
}
