import { Alert, Button, Loader, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Booking } from '../../../shared/booking.ts'
import { booking as bookingQuery, cancelBooking, moveBooking, otherSlots } from '../../api/booking.ts'
import { ownZone } from '../../ui/zones.ts'
import { BookingDoor, BookingNotice } from './BookingDoor.tsx'
import { whenWords } from './BookingScreen.tsx'
import { PickTime } from './PickTime.tsx'

const route = getRouteApi('/booking/$token')

const STATES: Record<string, string> = {
  pending: 'Waits to be confirmed',
  scheduled: 'Booked',
  confirmed: 'Confirmed',
  rescheduled: 'Booked at its new time',
  completed: 'Took place',
  cancelled: 'Cancelled',
  no_show: 'Did not take place',
}

/** What the link in each mail leads to: one's own appointment, to be moved or cancelled. */
export function ManageScreen() {
  const { token } = route.useParams()
  const queries = useQueryClient()
  const { data, error } = useQuery(bookingQuery(token))
  const [doing, does] = useState<'move' | 'cancel'>()
  const [zone, setZone] = useState(ownZone)
  const done = (booking: Booking) => {
    queries.setQueryData(bookingQuery(token).queryKey, booking)
    does(undefined)
  }
  const move = useMutation({
    mutationFn: (starts_at: string) => moveBooking(token, starts_at),
    onSuccess: done,
    onError: () => void queries.invalidateQueries({ queryKey: ['/bookings', token, '/slots'] }),
  })
  if (error) return <BookingNotice title="This appointment cannot be shown">{error.message}</BookingNotice>
  if (!data) return <Loader className="booking-loading" aria-label="Loading" />
  const minutes = Math.round((Date.parse(data.ends_at) - Date.parse(data.starts_at)) / 60_000)
  return (
    <BookingDoor
      title={data.name}
      workspace={data.workspace}
      minutes={minutes}
      place={data.place}
      location={data.location}
      when={whenWords(data.starts_at, zone)}
    >
      <div className="booking-done">
        <p role="status">
          <b>{STATES[data.status] ?? data.status}</b>
          {data.host && ` with ${data.host}`}
        </p>
        {!data.can_change && data.address && (
          <p>
            <a className="text-link" href={`/book/${data.address}`}>
              Book a new one
            </a>
          </p>
        )}
        {data.can_change && doing === undefined && (
          <div className="booking-actions">
            <Button onClick={() => does('move')}>Move it</Button>
            <Button variant="default" onClick={() => does('cancel')}>
              Cancel it
            </Button>
          </div>
        )}
      </div>
      {doing === 'move' && (
        <>
          {move.error && (
            <Alert color="orange" variant="light" role="alert" mb="md">
              {move.error.message}
            </Alert>
          )}
          <PickTime
            slots={asked => otherSlots(token, asked) as never}
            horizon_days={366}
            zone={zone}
            onZone={setZone}
            at={move.isPending ? move.variables : data.starts_at}
            onPick={move.mutate}
            busy={move.isPending}
          />
          <Button variant="default" mt="md" onClick={() => does(undefined)}>
            Leave it as it is
          </Button>
        </>
      )}
      {doing === 'cancel' && <Cancel token={token} done={done} back={() => does(undefined)} />}
    </BookingDoor>
  )
}

function Cancel({ token, done, back }: { token: string; done: (booking: Booking) => void; back: () => void }) {
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => cancelBooking(token, reason.trim() || null),
    onSuccess: done,
  })
  return (
    <form
      className="booking-form"
      onSubmit={event => {
        event.preventDefault()
        mutate()
      }}
    >
      <Textarea
        label="Why?"
        description="If you like to say it."
        autosize
        minRows={2}
        maxLength={2000}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      {error && (
        <Alert color="red" variant="light" p="sm" role="alert">
          {error.message}
        </Alert>
      )}
      <div className="booking-actions">
        <Button type="submit" color="red" loading={isPending}>
          Cancel the appointment
        </Button>
        <Button variant="default" onClick={back}>
          Keep it
        </Button>
      </div>
    </form>
  )
}
