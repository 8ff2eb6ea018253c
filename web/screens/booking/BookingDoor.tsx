import { IconCalendarEvent, IconClock } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Place } from '../../../shared/appointments.ts'
import { useTitle } from '../../ui/PageHead.tsx'
import { lengthOf, PLACE_WORDS } from '../appointments/words.ts'
import './booking.css'

type Props = {
  title: string
  workspace: string
  minutes: number
  place: Place
  location?: string | null
  description?: string | null
  /** In words, once it is known. */
  when?: ReactNode
  /** It stands where something else stood: whoever hears the page is told its heading. */
  is_new?: boolean
  children: ReactNode
}

/** The frame of what customers see: with whom and what on one side, what to do on the other. */
export function BookingDoor({ title, workspace, minutes, place, location, description, when, is_new, children }: Props) {
  useTitle(title)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (is_new) heading.current?.focus()
  }, [is_new])
  const { icon: PlaceIcon, label } = PLACE_WORDS[place]
  return (
    <main className="booking">
      <div className="booking-panel">
        <header className="booking-about">
          <p className="muted">{workspace}</p>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          <ul>
            <li>
              <IconClock size={17} stroke={1.6} aria-hidden /> {lengthOf(minutes)}
            </li>
            <li>
              <PlaceIcon size={17} stroke={1.6} aria-hidden /> {location ?? label}
            </li>
            {when && (
              <li className="booking-when">
                <IconCalendarEvent size={17} stroke={1.6} aria-hidden /> <span>{when}</span>
              </li>
            )}
          </ul>
          {description && <p className="booking-description">{description}</p>}
        </header>
        <div className="booking-body">{children}</div>
      </div>
    </main>
  )
}

/** What stands there when there is nothing to book. */
export function BookingNotice({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title)
  return (
    <main className="booking">
      <div className="booking-panel booking-notice">
        <h1>{title}</h1>
        <p className="muted">{children}</p>
      </div>
    </main>
  )
}
