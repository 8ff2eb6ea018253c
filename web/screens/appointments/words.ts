import { type Icon, IconBuilding, IconHome, IconPhone, IconVideo } from '@tabler/icons-react'
import {
  APPOINTMENT_STATUSES,
  type Appointment,
  type AppointmentStatus,
  OPEN_STATUSES,
  type Place,
} from '../../../shared/appointments.ts'
import type { Tone } from '../../ui/Pill.tsx'
import { nameOf } from '../contacts/names.ts'

export const STATUSES: Record<AppointmentStatus, { label: string; tone: Tone }> = {
  pending: { label: 'To confirm', tone: 'warm' },
  scheduled: { label: 'Scheduled', tone: 'accent' },
  confirmed: { label: 'Confirmed', tone: 'good' },
  rescheduled: { label: 'Moved', tone: 'accent' },
  completed: { label: 'Completed', tone: 'plain' },
  cancelled: { label: 'Cancelled', tone: 'plain' },
  no_show: { label: 'No-show', tone: 'bad' },
}

export const STATUS_CHOICES = APPOINTMENT_STATUSES.map(value => ({ value, label: STATUSES[value].label }))

export const PLACE_WORDS: Record<Place, { label: string; icon: Icon; asks: string }> = {
  phone: { label: 'By phone', icon: IconPhone, asks: 'The number to call' },
  video: { label: 'By video', icon: IconVideo, asks: 'The link to the call' },
  home: { label: 'At their place', icon: IconHome, asks: 'The address' },
  office: { label: 'At our office', icon: IconBuilding, asks: 'Which office, which room' },
}

export const OUTCOME_WORDS: Record<string, string> = {
  won: 'Won',
  lost: 'Lost',
  follow_up: 'Follow-up',
  not_interested: 'Not interested',
}

/** One of those that come ready by its name, any other as somebody wrote it. */
export const outcomeName = (outcome: string) => (Object.hasOwn(OUTCOME_WORDS, outcome) && OUTCOME_WORDS[outcome]) || outcome

/** What is kept of what somebody wrote: the key of one that comes ready, else their own words; null when they wrote none. */
export function outcomeOf(written: string) {
  const wanted = written.trim().toLowerCase()
  return Object.keys(OUTCOME_WORDS).find(key => OUTCOME_WORDS[key]!.toLowerCase() === wanted) ?? (written.trim() || null)
}

export const isOpen = ({ status }: Pick<Appointment, 'status'>) =>
  (OPEN_STATUSES as readonly AppointmentStatus[]).includes(status)

/** How an appointment is called: as the person whom it is with. */
export const appointmentName = ({ contact }: Pick<Appointment, 'contact'>) => nameOf(contact)

/** It is over, and nobody wrote down what came of it. */
export const isWaiting = (appointment: Pick<Appointment, 'status' | 'ends_at'>, now = Date.now()) =>
  isOpen(appointment) && Date.parse(appointment.ends_at) <= now

/** "45 min", "1 h", "1 h 30 min" */
export function lengthOf(minutes: number) {
  if (minutes < 60) return `${minutes} min`
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`
}
