import Type, { type Static } from 'typebox'
import { Nullable, Time } from './shape.ts'

/** The way through a funnel, in its order. */
export const CONTACT_STEPS = [
  'registered',
  'viewed',
  'watched_25',
  'watched_50',
  'watched_75',
  'watched_100',
  'offer_viewed',
  'converted',
] as const
export type ContactStep = (typeof CONTACT_STEPS)[number]

const stepName = Type.Unsafe<ContactStep>({ type: 'string', enum: [...CONTACT_STEPS] })

const Video = Type.Object({
  video_id: Nullable(Type.String()),
  title: Nullable(Type.String({ description: 'of a video that the funnel has' })),
  watch_percentage: Type.Integer({ description: 'the highest that was reached' }),
  seconds_watched: Type.Integer(),
  replays: Type.Integer(),
  started_at: Time,
  last_at: Time,
})

const Journey = Type.Object({
  funnel_id: Nullable(Type.String({ description: 'null: the events named no funnel' })),
  name: Nullable(Type.String({ description: 'of a funnel that is set up' })),
  steps: Type.Array(
    Type.Object({ step: stepName, at: Nullable(Time) }, { description: 'null: not reached. Steps may be skipped' }),
  ),
  stopped: Nullable(
    Type.Object(
      { after: stepName, at: Time },
      { description: 'the furthest step, and when they did something last; null for who converted, and before the first step' },
    ),
  ),
  confirmed_at: Nullable(Time),
  confirmation_asked_at: Nullable({ ...Time, description: 'the latest mail that asked to confirm the e-mail address' }),
  watch_percentage: Type.Integer(),
  videos: Type.Array(Video),
})
export type ContactJourney = Static<typeof Journey>
export const ContactJourneys = Type.Object({ data: Type.Array(Journey, { description: 'the one with the latest step first' }) })
export type ContactJourneys = Static<typeof ContactJourneys>
