import { Button, Select, Text, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type AppointmentShown, PLACES, type Place } from '../../../../shared/appointments.ts'
import { useMay } from '../../../api/may.ts'
import { ApiError } from '../../../api/request.ts'
import { session } from '../../../api/session.ts'
import { isTaken, sentenceOf } from '../useChange.ts'
import { useTypes } from '../useTypes.ts'
import { PLACE_WORDS } from '../words.ts'
import type { Booking } from './BookDialog.tsx'
import { LengthField } from './LengthField.tsx'
import { NewPerson, NOBODY } from './NewPerson.tsx'
import { PersonField } from './PersonField.tsx'
import { Taken } from './Taken.tsx'
import { useBook } from './useBook.ts'
import { WhenField } from './WhenField.tsx'

type Props = {
  booking: Booking
  /** Without: somebody new, of whom an e-mail or a phone is asked for. */
  contact_id: number | undefined
  name: string | undefined
  other: (() => void) | undefined
  onClose: () => void
  onBooked: (appointment: AppointmentShown) => void
}

/** When a type says nothing else. */
const USUAL_MINUTES = 60

export function BookForm({ booking, contact_id, name, other, onClose, onBooked }: Props) {
  const types = useTypes()
  const [chosen_type, setType] = useState<string>()
  const type = types.find(({ key }) => key === chosen_type) ?? types[0]
  const [minutes, setMinutes] = useState(booking.duration_minutes)
  const duration_minutes = minutes ?? type?.duration_minutes ?? USUAL_MINUTES
  const [chosen, setPerson] = useState<number | null | undefined>(booking.user_id)
  // What an agent books is their own.
  const may_choose = useMay('update')
  const { data: me } = useQuery(session)
  const assigned_to = may_choose ? chosen : me?.user.id
  const [at, setAt] = useState(booking.at)
  const [chosen_place, setPlace] = useState<Place>()
  const place = chosen_place ?? type?.place ?? 'phone'
  const [location, setLocation] = useState('')
  const [notes, setNotes] = useState('')
  const [overlap, setOverlap] = useState(false)
  const [given, setGiven] = useState(NOBODY)
  const { mutate, isPending, error, reset } = useBook(onBooked)
  const reachable = contact_id !== undefined || given.email.trim() || given.phone.trim()
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      if (isTaken(error)) reset()
      set(value)
    }
  const problem = (field: string) => (error instanceof ApiError ? error.fields[field] : undefined)
  const book = () => {
    if (!at) return
    mutate({
      ...(contact_id === undefined ? filled(given) : { contact_id }),
      ...(booking.lead_id !== undefined && { lead_id: booking.lead_id }),
      ...(type && { type: type.key }),
      scheduled_at: at,
      duration_minutes,
      ...(assigned_to !== undefined && { assigned_to }),
      place,
      ...filled({ location, notes }),
      ...(overlap && { allow_overlap: true }),
    })
  }
  return (
    <form
      className="dialog-form"
      onSubmit={event => {
        event.preventDefault()
        book()
      }}
    >
      {contact_id === undefined ? (
        <NewPerson given={given} set={setGiven} problem={problem} other={other} />
      ) : (
        <div className="dialog-whose">
          <Text size="sm" className="cut">
            With <b>{name ?? '…'}</b>
          </Text>
          {other && (
            <Button variant="default" size="compact-sm" onClick={other}>
              Somebody else
            </Button>
          )}
        </div>
      )}
      <div className="dialog-pair">
        <Select
          label="Type"
          allowDeselect={false}
          data={types.map(({ key, name }) => ({ value: key, label: name }))}
          value={type?.key ?? null}
          onChange={value => value && setType(value)}
        />
        <LengthField minutes={duration_minutes} onChange={change(setMinutes)} />
      </div>
      <PersonField label="Who meets them" by_rules value={assigned_to} onChange={change(setPerson)} />
      <WhenField
        at={at}
        onChange={change(setAt)}
        by_hand={booking.at !== undefined}
        asked={{
          ...(type && { type: type.key }),
          ...(assigned_to && { user_id: assigned_to }),
          duration_minutes,
        }}
      />
      {problem('scheduled_at') && (
        <p className="dialog-refused" role="alert">
          {problem('scheduled_at')}
        </p>
      )}
      <div className="dialog-pair">
        <Select
          label="Where"
          allowDeselect={false}
          data={PLACES.map(value => ({ value, label: PLACE_WORDS[value].label }))}
          value={place}
          onChange={value => value && setPlace(value as Place)}
        />
        <TextInput
          label={PLACE_WORDS[place].asks}
          placeholder={type?.location ?? 'optional'}
          maxLength={2000}
          value={location}
          onChange={({ currentTarget }) => setLocation(currentTarget.value)}
        />
      </div>
      <Textarea
        label="Notes"
        description="For your colleagues; the customer does not see them."
        autosize
        minRows={2}
        maxRows={6}
        maxLength={20_000}
        value={notes}
        onChange={({ currentTarget }) => setNotes(currentTarget.value)}
      />
      {isTaken(error) ? (
        <Taken
          error={error}
          overlap={overlap}
          setOverlap={setOverlap}
          choose={({ starts_at }) => {
            reset()
            setAt(starts_at)
          }}
        />
      ) : (
        error &&
        !problem('scheduled_at') && (
          <p className="dialog-refused" role="alert">
            {sentenceOf(error)}
          </p>
        )
      )}
      <div className="dialog-buttons">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending} disabled={!at || !reachable || (isTaken(error) && !overlap)}>
          Book
        </Button>
      </div>
    </form>
  )
}

/** Only what somebody wrote. */
function filled<T extends Record<string, string>>(values: T): Partial<T> {
  const given = Object.entries(values).flatMap(([name, value]) => (value.trim() ? [[name, value.trim()]] : []))
  return Object.fromEntries(given) as Partial<T>
}
