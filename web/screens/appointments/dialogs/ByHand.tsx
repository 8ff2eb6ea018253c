import { SegmentedControl, TextInput } from '@mantine/core'
import { useState } from 'react'
import { clockIn, momentOf, offsetOf, wallOf } from '../../../ui/zones.ts'
import { useZone } from '../useTypes.ts'

type Props = { at: string | undefined; onChange: (at: string | undefined) => void }

/** A date and a time, as the clock of the workspace shows them. Times that a day does not have or has twice are asked about. */
export function ByHand({ at, onChange }: Props) {
  const zone = useZone()
  const [known, setKnown] = useState(at)
  const [given, setGiven] = useState(() => fieldsOf(at, zone))
  // Another time was chosen elsewhere: a free one, when this one was taken.
  if (at !== known && at !== undefined) {
    setKnown(at)
    setGiven(fieldsOf(at, zone))
  }
  const found = momentFrom(given, zone)
  const set = (change: Partial<typeof given>) => {
    const next = { ...given, ...change }
    const moment = momentFrom(next, zone)
    const at = !moment || moment.gap ? undefined : next.second && moment.second ? moment.second : moment.at
    setGiven(next)
    setKnown(at)
    onChange(at)
  }
  return (
    <div className="dialog-hand">
      <TextInput
        type="date"
        label="Date"
        value={given.date}
        onChange={({ currentTarget }) => set({ date: currentTarget.value })}
      />
      <TextInput
        type="time"
        label="Time"
        value={given.time}
        onChange={({ currentTarget }) => set({ time: currentTarget.value })}
      />
      {found?.gap && (
        <p className="dialog-refused" role="alert">
          The clocks go forward then: this time does not exist on that day. After it comes {clockIn(found.at, zone)}.
        </p>
      )}
      {found?.second && (
        <div className="dialog-twice">
          <span>The clocks go back then: this time comes twice.</span>
          <SegmentedControl
            size="xs"
            aria-label="Which of the two"
            value={given.second ? 'second' : 'first'}
            onChange={value => set({ second: value === 'second' })}
            data={[
              { value: 'first', label: `First (${offsetOf(found.at, zone)})` },
              { value: 'second', label: `Second (${offsetOf(found.second, zone)})` },
            ]}
          />
        </div>
      )}
    </div>
  )
}

type Fields = { date: string; time: string; second: boolean }

function fieldsOf(at: string | undefined, zone: string): Fields {
  if (!at) return { date: wallOf(Date.now(), zone).date, time: '', second: false }
  const { date, minutes } = wallOf(at, zone)
  const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  const { second } = momentOf({ date, minutes }, zone)
  return { date, time, second: second !== null && Date.parse(second) === Date.parse(at) }
}

function momentFrom({ date, time }: Fields, zone: string) {
  if (!date || !time) return undefined
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return momentOf({ date, minutes: hours * 60 + minutes }, zone)
}
