import type postgres from 'postgres'
import type { Actor } from '../../../shared/shape.ts'
import type { Told } from '../../activities/told.ts'
import type { Sql } from '../../database/connect.ts'
import { matchesLead } from '../../leads/choose.ts'
import { type Announcement, announce } from '../announce.ts'
import { readContacts } from '../contacts.ts'
import type { Listener } from '../listeners.ts'
import { type ForwardedLead, messageOf, readLeads } from './lead.ts'
import { recordForwards } from './record.ts'

type Rule = {
  workspace_id: number
  id: number
  name: string
  matches: Parameters<typeof matchesLead>[0]
  endpoint_ids: number[]
  stop: boolean
}

/**
 * Sends leads on that were made just now: to the endpoints of every rule that matches, in their order, to each endpoint once. A reader, as
 * tell.ts: it knows of a lead by its activity. Test leads stay here. Seven statements for any number; one where nobody has a rule.
 */
export async function forwardLeads(sql: postgres.TransactionSql, { activities }: Told): Promise<void> {
  // A file of leads is what somebody has, and not what came: it is sent on by hand, or not at all.
  const made = activities.filter(({ action, actor }) => action === 'lead.created' && actor.kind !== 'import')
  if (made.length === 0) return
  const rules = await readRules(sql, [...new Set(made.map(({ workspace_id }) => workspace_id))])
  if (rules.length === 0) return
  const leads = await readLeads(
    sql,
    made.map(({ workspace_id, subject_id }) => ({ workspace_id, id: Number(subject_id) })),
  )
  const forwards = leads.filter(lead => !lead.is_test).flatMap(lead => forwardsOf(rules, lead))
  await sendOn(sql, forwards)
}

/** Of one lead, or of many: a message for each rule, a delivery for each of its endpoints. `by` is who did it, when it was no rule. */
export async function sendOn(sql: postgres.TransactionSql, forwards: Forward[], by?: Actor): Promise<void> {
  if (forwards.length === 0) return
  const contactOf = await readContacts(
    sql,
    forwards.map(({ lead }) => lead),
  )
  const announcements = forwards.map(forward => ({
    forward,
    message: messageOf(forward, contactOf(forward.lead)),
    listeners: forward.endpoint_ids.map(id => listenerOf(forward.lead.workspace_id, id)),
  }))
  const stored = await announce(sql, announcements satisfies Announcement[])
  await recordForwards(
    sql,
    announcements.flatMap(({ forward, message }) => {
      const message_id = stored.get(message)
      return message_id === undefined ? [] : [{ ...forward, message_id }]
    }),
    by,
  )
}

export type Forward = { lead: ForwardedLead; rule: { id: number; name: string } | null; origin: string; endpoint_ids: number[] }

function forwardsOf(rules: Rule[], lead: ForwardedLead): Forward[] {
  const forwards: Forward[] = []
  const served = new Set<number>()
  for (const rule of rules) {
    if (rule.workspace_id !== lead.workspace_id || !matchesLead(rule.matches, { ...lead, owner_id: null })) continue
    const endpoint_ids = rule.endpoint_ids.filter(id => !served.has(id))
    for (const id of endpoint_ids) served.add(id)
    const { id, name } = rule
    if (endpoint_ids.length > 0) forwards.push({ lead, rule: { id, name }, origin: `lead ${lead.id} rule ${id}`, endpoint_ids })
    if (rule.stop) break
  }
  return forwards
}

/** The switch of the workspace is part of the question. Endpoints that were deleted get nothing (announce.ts). */
function readRules(sql: Sql, workspace_ids: number[]): Promise<Rule[]> {
  return sql<Rule[]>`
    select r.workspace_id, r.id, r.name, r.matches, r.endpoint_ids, r.stop
      from forwarding_rules r
      join workspaces w on w.id = r.workspace_id and w.forwarding
     where r.workspace_id = any(${workspace_ids}::int[]) and r.active
     order by r.workspace_id, r.position, r.id`
}

/** The rule decides: what else the endpoint wants to hear, and its filter, are about what it is told as a subscriber. */
function listenerOf(workspace_id: number, id: number): Listener {
  return { workspace_id, id, events: [], funnel_id: null, filter: null, purpose: null }
}
