import Type from 'typebox'
import { Actor, Nullable, Time } from './shape.ts'

/** Of long work that somebody asked for and may look at: how far it is, how fast it goes, how it ended. */
export const progress = {
  total: Nullable(Type.Integer()),
  done: Type.Integer(),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'of what was done, by what became of it' }),
  per_second: Nullable(Type.Number()),
  seconds_left: Nullable(Type.Integer()),
  error: Nullable(Type.String()),
  actor: Actor,
  created_at: Time,
  started_at: Nullable(Time),
  ended_at: Nullable(Time),
  seen_at: Nullable({ ...Time, description: 'when whoever asked for it looked at how it ended' }),
}
