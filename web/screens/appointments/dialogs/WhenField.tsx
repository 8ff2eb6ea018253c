import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { SlotsQuery } from '../../../../shared/appointments.ts'
import { ZoneNote } from '../AppointmentParts.tsx'
import { ByHand } from './ByHand.tsx'
import { FreeTimes } from './FreeTimes.tsx'
import './dialogs.css'

export type AskedSlots = Pick<SlotsQuery, 'type' | 'user_id' | 'duration_minutes' | 'instead_of'>

type Props = {
  at: string | undefined
  onChange: (at: string | undefined) => void
  asked: AskedSlots
  /** Begins with the fields for a time, and not with those that are free. */
  by_hand: boolean
}

const CHOICES = [
  { value: 'free', label: 'Free times' },
  { value: 'hand', label: 'Another time' },
]

/** When: one of the times that somebody is free at, or one that is written by hand. */
export function WhenField({ at, onChange, asked, by_hand }: Props) {
  const [mode, setMode] = useState(by_hand ? 'hand' : 'free')
  return (
    <fieldset className="dialog-when">
      <legend>When</legend>
      <div className="dialog-when-head">
        <SegmentedControl size="xs" aria-label="How to choose the time" data={CHOICES} value={mode} onChange={setMode} />
        <ZoneNote at={at ?? Date.now()} />
      </div>
      {mode === 'free' ? <FreeTimes at={at} onChange={onChange} asked={asked} /> : <ByHand at={at} onChange={onChange} />}
    </fieldset>
  )
}
