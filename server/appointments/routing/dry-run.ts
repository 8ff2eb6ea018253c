import { setImmediate } from 'node:timers/promises'
import type postgres from 'postgres'
import {
  type DecisionReason,
  type DecisionTarget,
  type ExclusionReason,
  MAX_DRY_RUN,
  type RoutingDryRun,
  type RoutingTrial,
} from '../../../shared/routing.ts'
import { refuse } from '../../errors.ts'
import { checkRules } from './check.ts'
import { decide, peopleOf, poolsOf, targetsOf, workspacesOf } from './decide.ts'
import { openDraft } from './draft.ts'
import { type Rule, readLists } from './find-rules.ts'
import { type Inputs, type Routable, readInputs } from './inputs.ts'
import { type Desk, readPools } from './read-pools.ts'
import { settingsFrom } from './rules.ts'
import { whichAccept } from './which-accept.ts'

type Past = Routable & { appointment_id: number; day: string; monday: string; assigned_to: number | null }
type Tried = Rule & { name: string; index: number | null }

/**
 * Who would have had appointments of the past, by the published rules or a draft: the same matching and choosing, in memory. Nothing is stored and
 * no counter moves. Counters begin at nothing, and days and weeks of caps are those in which the appointments were made. Everybody has
 * time, and nobody is asked how many open appointments they had: calendars of the past show what became of them, not what was free.
 * A constant number of statements. Throws `invalid_fields` for a draft that is wrong.
 */
export async function dryRun(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { days = 30, appointment_ids, rules: given }: RoutingDryRun,
): Promise<RoutingTrial> {
  const rules = given ? await readDraft(sql, workspace_id, given) : await readPublished(sql, workspace_id)
  const past = await readPast(sql, workspace_id, { days, appointment_ids: appointment_ids ?? null })
  const known = await readInputs(sql, workspace_id, past)
  const inputs = known.map((one, k): Inputs => ({ ...one, day: past[k]!.day }))
  const lists = await readLists(sql, workspace_id, inputs)
  const targets = rules.flatMap(targetsOf)
  const desk = await readPools(sql, workspace_id, poolsOf(targets))
  const workspaces = await whichAccept(sql, workspace_id, workspacesOf(targets))
  const reasons = await whoLeft(sql, workspace_id, peopleOf(targets, desk))
  clear(desk)
  const draft = await openDraft(rules)
  const tried: Outcome[] = []
  for (const [k, appointment] of past.entries()) {
    // Ten thousand take a second, in which the server has others to answer.
    if (k % 500 === 499) await setImmediate()
    turnCalendar(desk, appointment)
    const { is_test = false, is_copy = false } = appointment
    const rule = is_test ? undefined : draft.ruleFor(inputs[k]!, lists[k]!)
    const { target, reason } = decide(desk, rule, inputs[k]!, { is_test, is_copy, reasons, workspaces })
    tried.push({ appointment, rule, target, reason })
  }
  return sumUp(tried)
}

type Outcome = { appointment: Past; rule: Tried | undefined; target: DecisionTarget; reason: DecisionReason }

function sumUp(tried: Outcome[]): RoutingTrial {
  const others = tried.filter(
    ({ appointment, target }) => (target.kind === 'person' ? target.user_id : null) !== appointment.assigned_to,
  )
  const rules = countBy(tried, ({ rule }) => rule)
  const targets = countBy(tried, ({ target }) => JSON.stringify(target))
  return {
    appointments: tried.length,
    changed: others.length,
    unrouted: tried.filter(({ target }) => target.kind === 'nobody').length,
    by_target: targets.map(([key, count]) => ({ target: JSON.parse(key) as DecisionTarget, count })),
    by_rule: rules.map(([rule, count]) => ({ ...nameOf(rule), name: rule?.name ?? null, count })),
    data: tried
      .slice(-SHOWN)
      .reverse()
      .map(({ appointment: { appointment_id, assigned_to }, rule, target, reason }) => ({
        appointment_id,
        assigned_to,
        ...nameOf(rule),
        reason,
        target,
      })),
  }
}

const SHOWN = 1000

/** The most first. */
function countBy<K>(tried: Outcome[], keyOf: (one: Outcome) => K): [K, number][] {
  const counts = new Map<K, number>()
  for (const one of tried) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}

function nameOf(rule: Tried | undefined) {
  return { rule_id: rule === undefined || rule.index !== null ? null : rule.id, index: rule?.index ?? null }
}

function readPublished(sql: postgres.TransactionSql, workspace_id: number): Promise<Tried[]> {
  return sql<Tried[]>`
    select id, version, name, matches, target, fallback, needs_free, null as index
      from routing_rules
     where workspace_id = ${workspace_id} and active
     order by rank`
}

async function readDraft(sql: postgres.TransactionSql, workspace_id: number, given: NonNullable<RoutingDryRun['rules']>) {
  const settings = given.map(settingsFrom)
  const wrong = await checkRules(sql, workspace_id, settings)
  const fields = Object.fromEntries(
    wrong.flatMap((each, k) => Object.entries(each).map(([field, sentence]) => [`rules.${k}.${field}`, sentence])),
  )
  if (Object.keys(fields).length > 0) throw refuse('invalid_fields', { fields })
  return settings.flatMap((rule, index): Tried[] => (rule.active ? [{ ...rule, id: index, version: 0, index }] : []))
}

/** The newest, in the order in which they were made. Ids rise with time, so nobody has to look for the rest. */
async function readPast(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { days, appointment_ids }: { days: number; appointment_ids: number[] | null },
): Promise<Past[]> {
  return sql<Past[]>`
    select a.workspace_id, a.id as appointment_id, a.contact_id, a.lead_id, a.type, a.scheduled_at, a.duration_minutes, a.product, a.source,
           a.language, a.state, a.country, a.zip_code, a.score, a.is_test, a.assigned_to, a.origin_id is not null as is_copy,
           (a.created_at at time zone w.time_zone)::date::text as day,
           date_trunc('week', a.created_at at time zone w.time_zone)::date::text as monday
      from (select *
              from appointments
             where workspace_id = ${workspace_id} and status <> 'held'
               ${appointment_ids ? sql`and id = any(${appointment_ids}::bigint[])` : sql``}
             order by id desc
             limit ${MAX_DRY_RUN}) a
      join workspaces w on w.id = a.workspace_id
     where ${appointment_ids ? sql`true` : sql`a.created_at > now() - make_interval(days => ${days})`}
     order by a.created_at, a.id`
}

async function whoLeft(sql: postgres.TransactionSql, workspace_id: number, user_ids: number[]) {
  const rows = await sql<{ user_id: number; reason: ExclusionReason | null }[]>`
    select u.id as user_id, case when m.user_id is null then 'left' end as reason
      from unnest(${user_ids}::int[]) as u(id)
      left join memberships m on m.workspace_id = ${workspace_id} and m.user_id = u.id`
  return new Map(rows.map(({ user_id, reason }) => [user_id, reason]))
}

function clear(desk: Desk) {
  for (const member of membersOf(desk)) Object.assign(member, { turn: 0, today: 0, week: 0, open: 0, last: null, cap_open: null })
}

/** What was counted by day and by week begins anew when another one begins. */
function turnCalendar(desk: Desk, { day, monday }: Past) {
  if (day !== desk.today) for (const member of membersOf(desk)) member.today = 0
  if (monday !== desk.monday) for (const member of membersOf(desk)) member.week = 0
  desk.today = day
  desk.monday = monday
}

function membersOf({ pools }: Desk) {
  return [...pools.values()].flatMap(pool => pool.members)
}
