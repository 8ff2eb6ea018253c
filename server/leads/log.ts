import type postgres from 'postgres'
import type { Actor } from '../../shared/shape.ts'
import type { Task, TaskCreate, TaskKind, TaskUpdate } from '../../shared/tasks.ts'
import { type NewActivity, recordActivities } from '../activities/record.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { type Condition, changeLeads } from './change.ts'
import { cleaned } from './edit.ts'
import { requireMember } from './member.ts'
import { findTask } from './tasks.ts'

/** Makes a task, or writes down what was done. Of a person it is theirs unless they say whose. Throws `invalid_fields`, `forbidden`. */
export async function createTask(
  sql: postgres.TransactionSql,
  workspace_id: number,
  given: TaskCreate,
  actor: Actor,
  { only_of = null }: Condition,
): Promise<Task> {
  await lockIdentity(sql, [workspace_id])
  const { kind, lead_id = null, title, body = null, outcome = null, due_at = null } = cleaned(given)
  const done = given.done === true || kind === 'note'
  const assigned_to = given.assigned_to === undefined && actor.kind === 'user' ? (actor.id ?? null) : (given.assigned_to ?? null)
  await requireMember(sql, workspace_id, assigned_to)
  const about = await whomAbout(sql, workspace_id, lead_id, given.contact_id ?? null)
  requireOwn(only_of, [assigned_to, about.assigned_to])
  const [made] = await sql<{ id: number }[]>`
    insert into tasks (workspace_id, contact_id, lead_id, kind, title, body, outcome, assigned_to, due_at, done_at, created_by)
    values (${workspace_id}, ${about.contact_id}, ${lead_id}, ${kind}, ${title ?? titleOf(kind, body)}, ${body}, ${outcome}, ${assigned_to},
            ${due_at}, case when ${done} then now() end, ${JSON.stringify(actor)}::text::jsonb)
    returning id`
  const task = await findTask(sql, workspace_id, made!.id)
  const said = { actor, contact_id: about.contact_id, subject_id: lead_id, after: saidOf(task) }
  if (kind === 'note' && lead_id !== null) await recordActivities(sql, workspace_id, [{ ...said, action: 'lead.note_added' }])
  else await recordActivities(sql, workspace_id, [{ ...said, action: done ? 'task.done' : 'task.created' }])
  if (done) await countAttempt(sql, workspace_id, task, actor)
  return task
}

/** Changes what is given; `done` ends it or opens it again. Throws `conflict`, `not_found`, `forbidden`. */
export async function editTask(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, done, ...given }: TaskUpdate,
  actor: Actor,
  { only_of = null }: Condition,
): Promise<Task> {
  await lockIdentity(sql, [workspace_id])
  const before = await findTask(sql, workspace_id, id)
  const about = await whomAbout(sql, workspace_id, before.lead_id, before.contact_id)
  requireOwn(only_of, [before.assigned_to, about.assigned_to])
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(before.updated_at).getTime()) throw refuse('conflict')
  await requireMember(sql, workspace_id, given.assigned_to)
  const wanted = { ...before, ...cleaned(given) }
  const title = wanted.title ?? before.title
  const ends = done === undefined || done === (before.done_at !== null) ? undefined : done
  await sql`
    update tasks
       set title = ${title}, body = ${wanted.body}, outcome = ${wanted.outcome}, assigned_to = ${wanted.assigned_to},
           due_at = ${wanted.due_at}, done_at = ${ends === undefined ? sql`done_at` : ends ? sql`now()` : sql`null`},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  const after = await findTask(sql, workspace_id, id)
  await recordActivities(sql, workspace_id, changesOf(before, after, actor))
  if (ends === true) await countAttempt(sql, workspace_id, after, actor)
  return after
}

/** A call, an e-mail or a meeting that took place is an attempt to reach the lead. */
async function countAttempt(sql: postgres.TransactionSql, workspace_id: number, { lead_id, kind }: Task, actor: Actor) {
  if (lead_id === null || kind === 'note' || kind === 'todo') return
  await changeLeads(sql, workspace_id, [lead_id], lead => ({ contact_attempts: lead.contact_attempts + 1 }), actor)
}

type About = { contact_id: number | null; assigned_to: number | null }

/** Of a lead, its contact, and who has it. */
async function whomAbout(
  sql: postgres.TransactionSql,
  workspace_id: number,
  lead_id: number | null,
  contact_id: number | null,
): Promise<About> {
  if (lead_id !== null) {
    const [lead] = await sql<
      About[]
    >`select contact_id, assigned_to from leads where workspace_id = ${workspace_id} and id = ${lead_id}`
    if (!lead) throw refuse('invalid_fields', { fields: { lead_id: 'is no lead of this workspace' } })
    return lead
  }
  if (contact_id === null) return { contact_id: null, assigned_to: null }
  const [contact] = await sql`select from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`
  if (!contact) throw refuse('invalid_fields', { fields: { contact_id: 'is no contact of this workspace' } })
  return { contact_id, assigned_to: null }
}

function requireOwn(only_of: number | null, theirs: (number | null)[]) {
  if (only_of === null || theirs.includes(only_of)) return
  throw refuse('forbidden', { message: 'Your role changes your own tasks and those of your leads. Ask a manager for this one.' })
}

function titleOf(kind: TaskKind, body: string | null) {
  const [line = ''] = (body ?? '').split('\n', 1)
  return line.slice(0, 100).trim() || { call: 'Call', email: 'E-mail', meeting: 'Meeting', note: 'Note', todo: 'To do' }[kind]
}

const SHOWN = ['kind', 'title', 'body', 'outcome', 'assigned_to', 'due_at', 'done_at'] as const

function saidOf(task: Task) {
  return { task_id: task.id, ...Object.fromEntries(SHOWN.flatMap(name => (task[name] === null ? [] : [[name, task[name]]]))) }
}

function changesOf(before: Task, after: Task, actor: Actor): NewActivity[] {
  const names = SHOWN.filter(name => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  if (names.length === 0) return []
  const of = (task: Task) => ({ task_id: task.id, ...Object.fromEntries(names.map(name => [name, task[name]])) })
  const about = { actor, contact_id: after.contact_id, subject_id: after.lead_id, before: of(before) }
  if (!names.includes('done_at')) return [{ ...about, action: 'task.updated', after: of(after) }]
  const told = { ...saidOf(after), ...of(after) }
  return [{ ...about, action: after.done_at === null ? 'task.reopened' : 'task.done', after: told }]
}
