import { queryOptions } from '@tanstack/react-query'
import type { Booking, BookingCreate, BookingHold, BookingHoldCreate, BookingPage, BookingSlots } from '../../shared/booking.ts'
import { request } from './request.ts'

// What customers ask without an account.

export const bookingPage = (address: string) =>
  queryOptions({
    queryKey: ['/booking', address],
    queryFn: ({ signal }) => request<BookingPage>(`/booking/${encodeURIComponent(address)}`, { signal }),
    staleTime: 300_000,
  })

type Asked = { since: string | undefined; until: string; time_zone: string }

/** Times are gone quickly, so they are asked for again whenever somebody looks. */
export const bookingSlots = (address: string, search: Asked) =>
  queryOptions({
    queryKey: ['/booking', address, '/slots', search],
    queryFn: ({ signal }) => request<BookingSlots>(`/booking/${encodeURIComponent(address)}/slots`, { search, signal }),
    staleTime: 30_000,
  })

export function holdSlot(address: string, body: BookingHoldCreate) {
  return request<BookingHold>(`/booking/${encodeURIComponent(address)}/hold`, { method: 'POST', body })
}

export function book(address: string, body: BookingCreate) {
  return request<Booking>(`/booking/${encodeURIComponent(address)}/book`, { method: 'POST', body })
}

export const booking = (token: string) =>
  queryOptions({
    queryKey: ['/bookings', token],
    queryFn: ({ signal }) => request<Booking>(`/bookings/${encodeURIComponent(token)}`, { signal }),
  })

/** When it could be instead. */
export const otherSlots = (token: string, search: Asked) =>
  queryOptions({
    queryKey: ['/bookings', token, '/slots', search],
    queryFn: ({ signal }) => request<BookingSlots>(`/bookings/${encodeURIComponent(token)}/slots`, { search, signal }),
    staleTime: 30_000,
  })

export function moveBooking(token: string, starts_at: string) {
  return request<Booking>(`/bookings/${encodeURIComponent(token)}/reschedule`, { method: 'POST', body: { starts_at } })
}

export function cancelBooking(token: string, reason: string | null) {
  return request<Booking>(`/bookings/${encodeURIComponent(token)}/cancel`, { method: 'POST', body: { reason } })
}
