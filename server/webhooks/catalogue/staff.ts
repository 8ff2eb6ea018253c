import Type from 'typebox'
import { Nullable } from '../../../shared/shape.ts'
import { activity } from './entry.ts'

const SETTINGS = Type.Record(Type.String(), Type.Unknown(), {
  description: 'what changed: time_zone, bookable, hours, dates, before_minutes, after_minutes, notice_minutes, daily_limit',
})
const ABSENCE = Type.Object({
  absence_id: Type.Integer(),
  starts_at: Type.String(),
  ends_at: Type.String(),
  reason: Nullable(Type.String()),
})
const HOST = Type.Object({ host: Nullable(Type.String({ description: 'of its address; the rest is a secret' })) })
const subject = 'the user'
const vacation = {
  absence_id: 12,
  starts_at: '2026-07-01T04:00:00.000Z',
  ends_at: '2026-07-15T04:00:00.000Z',
  reason: 'vacation',
}

/** When the people of the workspace work. */
export const STAFF = [
  activity(
    'staff.changed',
    { title: 'Working hours changed', description: 'Somebody changed when a person works and can be booked.' },
    {
      subject,
      before: SETTINGS,
      after: SETTINGS,
      example: {
        contact: null,
        subject_id: '9',
        before: { time_zone: 'America/New_York', hours: [{ weekday: 1, opens: '09:00', closes: '17:00' }] },
        after: { time_zone: 'America/Denver', hours: [{ weekday: 1, opens: '10:00', closes: '18:00' }] },
      },
    },
  ),
  activity(
    'staff.absence_added',
    { title: 'Absence entered', description: 'A person will be away. What is booked then stays booked.' },
    { subject, after: ABSENCE, example: { contact: null, subject_id: '9', after: vacation } },
  ),
  activity(
    'staff.absence_removed',
    { title: 'Absence removed', description: 'A person will not be away after all.' },
    { subject, before: ABSENCE, example: { contact: null, subject_id: '9', before: vacation } },
  ),
  activity(
    'staff.feed_made',
    { title: 'Calendar address made', description: 'Somebody made the address of a private calendar; the one of before ended.' },
    { subject, example: { contact: null, subject_id: '9' } },
  ),
  activity(
    'staff.feed_removed',
    { title: 'Calendar address ended', description: 'Somebody ended a private calendar.' },
    { subject, example: { contact: null, subject_id: '9' } },
  ),
  activity(
    'staff.busy_set',
    { title: 'Other calendar given', description: 'From now on the times of a calendar elsewhere are kept free.' },
    { subject, after: HOST, example: { contact: null, subject_id: '9', after: { host: 'calendar.google.com' } } },
  ),
  activity(
    'staff.busy_removed',
    { title: 'Other calendar forgotten', description: 'The times of a calendar elsewhere are not kept free any more.' },
    { subject, before: HOST, example: { contact: null, subject_id: '9', before: { host: 'calendar.google.com' } } },
  ),
]
