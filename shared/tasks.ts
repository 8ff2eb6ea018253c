import Type, { type Static } from 'typebox'
import { Actor, ListQuery, Nullable, Time } from './shape.ts'

export const TASK_KINDS = ['call', 'email', 'meeting', 'note', 'todo'] as const
export type TaskKind = (typeof TASK_KINDS)[number]
const Kind = Type.Unsafe<TaskKind>({ type: 'string', enum: [...TASK_KINDS] })

const SmallId = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
const LeadId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** What somebody should do, and what somebody did: one that is done when it is made is a log entry. */
export const Task = Type.Object({
  id: Type.Integer(),
  kind: Kind,
  title: Type.String(),
  body: Nullable(Type.String()),
  outcome: Nullable(Type.String({ description: 'reached, no_answer, ...: what came of it' })),
  contact_id: Nullable(Type.Integer()),
  contact_name: Nullable(Type.String()),
  lead_id: Nullable(Type.Integer()),
  assigned_to: Nullable(Type.Integer({ description: 'a user; see /users' })),
  due_at: Nullable(Time),
  done_at: Nullable(Time),
  created_by: Actor,
  created_at: Time,
  updated_at: Time,
})
export type Task = Static<typeof Task>

const Outcome = Type.String({ minLength: 1, maxLength: 200 })

/**
 * With `done: true` (a note always is) it is a log entry; a call, an e-mail or a meeting that was done raises the lead's
 * `contact_attempts`. Of a lead it is of the lead's contact too.
 */
export const TaskCreate = Type.Object(
  {
    kind: Kind,
    title: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'of a note: the beginning of its text without' }),
    ),
    body: Type.Optional(Nullable(Type.String({ maxLength: 20_000 }))),
    outcome: Type.Optional(Nullable(Outcome)),
    lead_id: Type.Optional(LeadId),
    contact_id: Type.Optional(SmallId),
    assigned_to: Type.Optional({ ...Nullable(SmallId), description: 'you, in the web app, without' }),
    due_at: Type.Optional(Nullable(Time)),
    done: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type TaskCreate = Static<typeof TaskCreate>

export const TaskUpdate = Type.Object(
  {
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    body: Type.Optional(Nullable(Type.String({ maxLength: 20_000 }))),
    outcome: Type.Optional(Nullable(Outcome)),
    assigned_to: Type.Optional(Nullable(SmallId)),
    due_at: Type.Optional(Nullable(Time)),
    done: Type.Optional(Type.Boolean({ description: 'false: it is to do again' })),
    if_updated_at: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type TaskUpdate = Static<typeof TaskUpdate>

/** To do: the one that is due first comes first. Done: the newest first. */
export const TasksQuery = Type.Object(
  {
    ...ListQuery,
    state: Type.Optional(Type.Unsafe<'open' | 'done'>({ type: 'string', enum: ['open', 'done'], description: 'open without' })),
    kind: Type.Optional(Kind),
    assigned_to: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'a user; 0: nobody' })),
    lead_id: Type.Optional(LeadId),
    contact_id: Type.Optional(SmallId),
    due_before: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type TasksQuery = Static<typeof TasksQuery>
