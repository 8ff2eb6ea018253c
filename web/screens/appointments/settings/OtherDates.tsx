import { Switch, TextInput } from '@mantine/core'
import type { StaffMember } from '../../../../shared/staff.ts'
import { FormRows, RemoveRow } from '../../../ui/FormRows.tsx'
import { HourFields } from './HourFields.tsx'

type Dates = StaffMember['dates']
type Props = { dates: Dates; onChange: (dates: Dates) => void }

/** Dates on which the hours are others than in every week, or none. */
export function OtherDates({ dates, onChange }: Props) {
  const set = (index: number, change: Partial<Dates[number]>) =>
    onChange(dates.map((one, at) => (at === index ? { ...one, ...change } : one)))
  const add = () => onChange([...dates, { date: new Date().toISOString().slice(0, 10), hours: [] }])
  return (
    <FormRows
      title="Other hours on a date"
      add="Add a date"
      onAdd={add}
      most={1000}
      rows={dates.map(({ date, hours }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: dates are edited in place
        <li key={index} className="form-row other-date">
          <TextInput
            type="date"
            aria-label={`Date ${index + 1}`}
            required
            value={date}
            onChange={({ currentTarget }) => set(index, { date: currentTarget.value })}
          />
          <Switch
            mt={8}
            label="at work"
            checked={hours.length > 0}
            onChange={({ currentTarget }) =>
              set(index, { hours: currentTarget.checked ? [{ opens: '09:00', closes: '12:00' }] : [] })
            }
          />
          <span className="other-date-hours">
            {hours.map((one, at) => (
              <HourFields
                // biome-ignore lint/suspicious/noArrayIndexKey: a stretch has no name but its place
                key={at}
                label={`Date ${index + 1}`}
                value={one}
                onChange={changed => set(index, { hours: hours.map((other, k) => (k === at ? changed : other)) })}
              />
            ))}
          </span>
          <RemoveRow label={`Remove ${date}`} onClick={() => onChange(dates.filter((_, at) => at !== index))} />
        </li>
      ))}
    />
  )
}
