import Type from 'typebox'
import { Nullable } from '../../../shared/shape.ts'
import { activity } from './entry.ts'

const ANY = Type.Record(Type.String(), Type.Unknown())
const FIELDS = Type.Record(Type.String(), Type.Unknown(), { description: 'what changed; an own field as fields.<key>' })
const STATUS = Type.Object({ status: Type.String() }, { additionalProperties: true })
const TIME = Type.Object(
  {
    scheduled_at: Type.Optional(Type.String({ format: 'date-time' })),
    duration_minutes: Type.Optional(Type.Integer()),
    status: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)
const OWNER = Type.Object(
  { assigned_to: Nullable(Type.Integer({ description: 'a user' })) },
  { additionalProperties: true, description: 'after, with the reason: by_hand, or what a routing decision says' },
)
const OF = { subject: 'the appointment' }
const subject_id = '5120'
const consultation = { name: 'Consultation', duration_minutes: 60, place: 'phone', is_public: false }

/** What happened to appointments. `contact` is whose appointment it is. */
export const APPOINTMENTS = [
  activity(
    'appointment.created',
    { title: 'Appointment booked', description: 'Somebody booked an appointment, or one came in.' },
    {
      ...OF,
      after: Type.Object(
        {
          id: Type.Integer(),
          type: Type.String(),
          scheduled_at: Type.String({ format: 'date-time' }),
          duration_minutes: Type.Integer(),
          assigned_to: Nullable(Type.Integer({ description: 'a user' })),
          status: Type.String(),
          is_test: Type.Boolean(),
        },
        { additionalProperties: true },
      ),
      example: {
        subject_id,
        after: {
          id: 5120,
          type: 'consultation',
          scheduled_at: '2026-02-03T15:00:00.000Z',
          duration_minutes: 60,
          time_zone: 'America/New_York',
          place: 'video',
          lead_id: 4_711_000_815,
          assigned_to: 9,
          status: 'scheduled',
          is_test: false,
        },
      },
    },
  ),
  activity(
    'appointment.assigned',
    { title: 'Appointment assigned', description: 'A rule or a person gave an appointment to somebody.' },
    {
      ...OF,
      before: OWNER,
      after: OWNER,
      example: { subject_id, before: { assigned_to: null }, after: { assigned_to: 9, reason: 'by_hand' } },
    },
  ),
  activity(
    'appointment.confirmed',
    { title: 'Appointment confirmed', description: 'The customer said that they come, or somebody accepted what was pending.' },
    {
      ...OF,
      before: STATUS,
      after: STATUS,
      example: { subject_id, before: { status: 'pending' }, after: { status: 'confirmed' } },
    },
  ),
  activity(
    'appointment.rescheduled',
    { title: 'Appointment moved', description: 'An appointment has another time, or is longer or shorter.' },
    {
      ...OF,
      before: TIME,
      after: TIME,
      example: {
        subject_id,
        before: { scheduled_at: '2026-02-03T15:00:00.000Z', status: 'scheduled' },
        after: { scheduled_at: '2026-02-04T15:00:00.000Z', status: 'rescheduled' },
      },
    },
  ),
  activity(
    'appointment.cancelled',
    { title: 'Appointment cancelled', description: 'An appointment will not take place.' },
    {
      ...OF,
      before: STATUS,
      after: STATUS,
      example: { subject_id, before: { status: 'scheduled' }, after: { status: 'cancelled', cancel_reason: 'is ill' } },
    },
  ),
  activity(
    'appointment.completed',
    { title: 'Appointment completed', description: 'An appointment took place, and somebody said what came of it.' },
    {
      ...OF,
      before: STATUS,
      after: STATUS,
      example: {
        subject_id,
        before: { status: 'confirmed', outcome: null },
        after: { status: 'completed', outcome: 'won' },
      },
    },
  ),
  activity(
    'appointment.no_show',
    { title: 'Appointment missed', description: 'Nobody came: somebody said so, or nobody said anything else in time.' },
    {
      ...OF,
      before: STATUS,
      after: STATUS,
      example: { actor: { kind: 'system' }, subject_id, before: { status: 'scheduled' }, after: { status: 'no_show' } },
    },
  ),
  activity(
    'appointment.reopened',
    { title: 'Appointment opened again', description: 'It was no no-show, or is not completed after all.' },
    {
      ...OF,
      before: STATUS,
      after: STATUS,
      example: { subject_id, before: { status: 'no_show' }, after: { status: 'scheduled' } },
    },
  ),
  activity(
    'appointment.changed',
    {
      title: 'Appointment changed',
      description: 'What an appointment says was changed, besides its time, its person and its end.',
    },
    {
      ...OF,
      before: FIELDS,
      after: FIELDS,
      example: { subject_id, before: { place: 'phone' }, after: { place: 'video' } },
    },
  ),
  activity(
    'appointment.handed_on',
    { title: 'Appointment handed on', description: 'Another workspace of the organization has it now, as a linked copy.' },
    {
      ...OF,
      after: Type.Object({ workspace_id: Type.Integer(), workspace: Type.String(), appointment_id: Type.Integer() }),
      example: { subject_id, after: { workspace_id: 12, workspace: 'Solar North', appointment_id: 77 } },
    },
  ),
  activity(
    'appointment_type.created',
    { title: 'Appointment type made', description: 'Somebody made something that can be booked.' },
    { subject: 'the type', after: ANY, example: { contact: null, subject_id: 'consultation', after: consultation } },
  ),
  activity(
    'appointment_type.updated',
    { title: 'Appointment type changed', description: 'Somebody changed something that can be booked.' },
    {
      subject: 'the type',
      before: ANY,
      after: ANY,
      example: { contact: null, subject_id: 'consultation', before: { duration_minutes: 60 }, after: { duration_minutes: 45 } },
    },
  ),
  activity(
    'appointment_type.deleted',
    { title: 'Appointment type deleted', description: 'Somebody deleted a type. Appointments keep what they have.' },
    { subject: 'the type', before: ANY, example: { contact: null, subject_id: 'consultation', before: consultation } },
  ),
]
