import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { Appointment } from '../../../../shared/appointments.ts'
import { calendar as calendarQuery } from '../../../api/appointments.ts'
import { staff as staffQuery } from '../../../api/staff.ts'
import { useWhose } from '../../../api/whose.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useKeys } from '../../../ui/keyboard.ts'
import { NARROW, useMatch } from '../../../ui/narrow.ts'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { wallOf } from '../../../ui/zones.ts'
import type { Booking } from '../dialogs/BookDialog.tsx'
import { RescheduleDialog } from '../dialogs/RescheduleDialog.tsx'
import { Filters, type Search } from '../Filters.tsx'
import { Agenda } from './Agenda.tsx'
import { CalendarHead } from './CalendarHead.tsx'
import { dateAfter, datesOf, spanOf, type View } from './dates.ts'
import { EventCard, type Place, placeOf } from './EventCard.tsx'
import { closedOn } from './hours.ts'
import { MonthGrid } from './MonthGrid.tsx'
import { People } from './People.tsx'
import { TimeGrid } from './TimeGrid.tsx'
import { useMove } from './useMove.ts'

type Props = {
  zone: string
  search: Search
  ask: (change: Search) => void
  /** Undefined for who may not book. */
  book: ((booking: Booking) => void) | undefined
}

const AGAIN_MS = 20_000
const VIEW_KEYS: View[] = ['day', 'week', 'month', 'agenda']

/** A day, a week, a month, or what comes one after the other: what is booked with whom, and where there is room. */
export function Calendar({ zone, search, ask, book }: Props) {
  const narrow = useMatch(NARROW)
  const asked = search.view ?? (narrow ? 'agenda' : 'week')
  // Seven days have no room beside one another on a phone.
  const view = narrow && asked === 'week' ? 'agenda' : asked
  const today = wallOf(Date.now(), zone).date
  const date = search.date ?? today
  const dates = datesOf(view, date)
  const { type, status } = search
  const assigned_to = useWhose()(search.assigned_to)
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...calendarQuery(useWorkspaceId(), { ...spanOf(dates, zone), assigned_to, type, status }),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  })
  const people = usePeople(assigned_to)
  const { move, refused, forget } = useMove()
  const [card, setCard] = useState<{ appointment: Appointment; place: Place; opened: boolean }>()
  const go = (steps: number) => ask({ date: dateAfter(view, date, steps) })
  const back = () => go(-1)
  const forward = () => go(1)
  const goToday = () => ask({ date: undefined })
  const show = (date: string) => ask({ view: 'day', date: date === today ? undefined : date })
  useKeys({
    ArrowLeft: back,
    ArrowRight: forward,
    t: goToday,
    ...Object.fromEntries(VIEW_KEYS.map((view, index) => [index + 1, () => ask({ view })])),
  })
  // What was called off is in nobody's way, unless somebody asks for it.
  const appointments = data?.data.filter(one => status !== undefined || one.status !== 'cancelled') ?? []
  const shown = card && { ...card, appointment: appointments.find(({ id }) => id === card.appointment.id) ?? card.appointment }
  const open = (appointment: Appointment, at: HTMLElement) => setCard({ appointment, place: placeOf(at), opened: true })
  const close = useCallback(() => setCard(card => card && { ...card, opened: false }), [])
  const given = { dates, zone, appointments, move, open, show }
  const bookHere = (at: string) => book?.({ at, ...(assigned_to && { user_id: assigned_to }) })

  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  return (
    <>
      <Filters search={search} ask={ask}>
        {!narrow && <People appointments={appointments} only={assigned_to} choose={assigned_to => ask({ assigned_to })} />}
      </Filters>
      <CalendarHead
        view={view}
        date={date}
        dates={dates}
        today={goToday}
        go={go}
        choose={view => ask({ view })}
        complete={data?.complete ?? true}
      />
      <div className="calendar-body" aria-busy={!data || isPlaceholderData} data-stale={isPlaceholderData || undefined}>
        {!data ? (
          <SkeletonLines lines={12} pitch={48} padding="16px var(--edge)" />
        ) : view === 'month' ? (
          <MonthGrid {...given} month={date.slice(0, 7)} />
        ) : view === 'agenda' ? (
          <Agenda zone={zone} appointments={appointments} book={book && (() => book({}))} />
        ) : (
          <TimeGrid
            // Another number of days is another grid; from week to week it stays scrolled to where it was.
            key={view}
            {...given}
            closed={dates.map(date => closedOn(date, zone, people))}
            book={bookHere}
          />
        )}
      </div>
      {shown && <EventCard key={shown.appointment.id} {...shown} onClose={close} />}
      <RescheduleDialog appointment={refused?.appointment} refused={refused?.refused} onClose={forget} />
    </>
  )
}

/** Whose hours are shaded: of one person, or of everybody who can be booked. */
function usePeople(user_id: number | undefined) {
  const { data } = useQuery(staffQuery(useWorkspaceId()))
  return (data?.data ?? []).filter(person => (user_id ? person.user_id === user_id : person.bookable))
}
