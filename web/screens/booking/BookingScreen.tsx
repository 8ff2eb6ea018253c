import { Alert, Loader } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Booking, BookingHold } from '../../../shared/booking.ts'
import { bookingPage, bookingSlots, holdSlot } from '../../api/booking.ts'
import { ApiError } from '../../api/request.ts'
import { clockIn, dayIn, offsetOf, ownZone, placeOfZone } from '../../ui/zones.ts'
import { BookingDoor, BookingNotice } from './BookingDoor.tsx'
import { CustomerForm } from './CustomerForm.tsx'
import { Kept } from './Kept.tsx'
import { PickTime } from './PickTime.tsx'

const route = getRouteApi('/book/$address')

/** Where customers book: a time, who they are, done. Needs no account and works on a phone. */
export function BookingScreen() {
  const { address } = route.useParams()
  const { data: page, error } = useQuery(bookingPage(address))
  const queries = useQueryClient()
  const [zone, setZone] = useState(ownZone)
  const [hold, setHold] = useState<BookingHold>()
  // Who looks at other times keeps what they have until they choose another one, which gives it back.
  const [looking, look] = useState(false)
  const [booked, setBooked] = useState<Booking>()
  const [notice, setNotice] = useState<string>()
  const pick = useMutation({
    mutationFn: (starts_at: string) => holdSlot(address, { starts_at, ...(hold && { hold_token: hold.hold_token }) }),
    onSuccess: hold => {
      setHold(hold)
      look(false)
      setNotice(undefined)
    },
    onError: error => gone(error.message),
  })
  function gone(sentence: string) {
    setHold(undefined)
    setNotice(sentence)
    void queries.invalidateQueries({ queryKey: ['/booking', address, '/slots'] })
  }
  if (error) {
    return error instanceof ApiError && error.status === 404 ? (
      <BookingNotice title="Nothing can be booked here">
        The address may have changed. Ask whom you have it from for a new one.
      </BookingNotice>
    ) : (
      <BookingNotice title="This page could not be loaded">{error.message}</BookingNotice>
    )
  }
  if (!page) return <Loader className="booking-loading" aria-label="Loading" />
  if (booked) return <Done booking={booked} zone={zone} minutes={page.duration_minutes} />
  return (
    <BookingDoor
      title={page.name}
      workspace={page.workspace}
      minutes={page.duration_minutes}
      place={page.place}
      location={page.location}
      description={page.description}
      when={hold && !looking && whenWords(hold.starts_at, zone)}
    >
      {notice && (
        <Alert color="orange" variant="light" role="alert" mb="md">
          {notice}
        </Alert>
      )}
      {hold && !looking ? (
        <>
          <Kept
            until={hold.expires_at}
            zone={zone}
            ran_out={() => gone('The time was kept for you and ran out. Choose it again, if it is still free.')}
          />
          <CustomerForm
            address={address}
            hold={hold}
            time_zone={zone}
            done={setBooked}
            taken={(error: ApiError) => gone(error.message)}
            back={() => {
              look(true)
              setNotice(undefined)
            }}
          />
        </>
      ) : (
        <PickTime
          slots={asked => bookingSlots(address, asked) as never}
          horizon_days={page.horizon_days}
          zone={zone}
          onZone={setZone}
          own={hold?.starts_at}
          at={pick.isPending ? pick.variables : hold?.starts_at}
          onPick={pick.mutate}
          busy={pick.isPending}
        />
      )}
    </BookingDoor>
  )
}

function Done({ booking, zone, minutes }: { booking: Booking; zone: string; minutes: number }) {
  const waits = booking.status === 'pending'
  return (
    <BookingDoor
      title={waits ? 'Asked for' : 'Booked'}
      workspace={booking.workspace}
      minutes={minutes}
      place={booking.place}
      location={booking.location}
      when={whenWords(booking.starts_at, zone)}
      is_new
    >
      <div className="booking-done" role="status">
        <p>
          <b>{booking.name}</b>
          {booking.host && ` with ${booking.host}`}
        </p>
        <p className="muted">
          {waits
            ? 'Somebody has to confirm it. You are told by e-mail as soon as that is done.'
            : 'An e-mail with the appointment for your calendar is on its way.'}
        </p>
        <p>
          <a className="text-link" href={booking.manage_url}>
            Move or cancel it
          </a>
        </p>
      </div>
    </BookingDoor>
  )
}

export function whenWords(at: string, zone: string) {
  return (
    <>
      {dayIn(at, zone)}, {clockIn(at, zone)}
      <span className="booking-zone">
        {placeOfZone(zone)}, {offsetOf(at, zone)}
      </span>
    </>
  )
}
