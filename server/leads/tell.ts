import type { Actor } from '../../shared/shape.ts'
import type { NewActivity } from '../activities/record.ts'
import type { Changes, LeadRow, Name } from './change.ts'
import { same } from './same.ts'

/**
 * What a change is told as: a new stage, a win, a loss, a new assignee, and whatever else was edited. The place of a card in its column
 * is how people look at leads and nothing about a lead, so it is not told.
 */
export function activitiesOf(lead: LeadRow, after: Changes, actor: Actor, because?: Record<string, unknown>): NewActivity[] {
  const about = { actor, contact_id: lead.contact_id, subject_id: lead.id }
  const is_moved = after.status !== undefined || after.pipeline_id !== undefined
  const moved = pick(after, name => is_moved && MOVED.has(name))
  const edited = pick(after, name => !APART.has(name) && !(is_moved && MOVED.has(name)))
  const activities: NewActivity[] = []
  if (is_moved) {
    const to = { ...Object.fromEntries(moved), status: after.status ?? lead.status, ...(because && { because }) }
    const from = { ...was(lead, moved), status: lead.status }
    activities.push({ ...about, action: 'lead.status_changed', before: from, after: to })
    if (after.kind === 'won') activities.push({ ...about, action: 'lead.won', before: from, after: to })
    if (after.kind === 'lost') {
      activities.push({ ...about, action: 'lead.lost', before: from, after: { ...to, lost_reason: after.lost_reason ?? null } })
    }
  }
  if (after.assigned_to !== undefined) {
    const to = { assigned_to: after.assigned_to, reason: 'by_hand', rule_id: null }
    activities.push({ ...about, action: 'lead.assigned', before: { assigned_to: lead.assigned_to }, after: to })
  }
  if (edited.length > 0) activities.push({ ...about, action: 'lead.updated', ...said(lead, Object.fromEntries(edited)) })
  return activities
}

/** What belongs to a change of the stage. */
const MOVED = new Set(['status', 'pipeline_id', 'lost_reason'])
/** What follows from another change, or is told by an action of its own. */
const APART = new Set(['kind', 'status_changed_at', 'assigned_at', 'closed_at', 'position', 'assigned_to'])

function pick(changes: Changes, wanted: (name: string) => boolean) {
  return Object.entries(changes).filter(([name]) => wanted(name))
}

function was(lead: LeadRow, names: [string, unknown][]) {
  return Object.fromEntries(names.map(([name]) => [name, lead[name as Name]]))
}

/** Before and after. Of the fields of its type and those of the workspace what is different, as `fields.<key>` and `custom.<key>`; money as a number. */
function said(lead: LeadRow, { fields = lead.fields, custom = lead.custom, ...after }: Changes) {
  const before = was(lead, Object.entries(after))
  if (before.revenue_potential) before.revenue_potential = Number(before.revenue_potential)
  const own = [...different('fields', lead.fields, fields), ...different('custom', lead.custom, custom)]
  return {
    before: { ...before, ...Object.fromEntries(own.map(([name, one]) => [name, one])) },
    after: { ...after, ...Object.fromEntries(own.map(([name, , other]) => [name, other])) },
  }
}

function different(of: string, one: LeadRow['fields'], other: unknown): [name: string, before: unknown, after: unknown][] {
  const others = other as LeadRow['fields']
  const keys = [...new Set([...Object.keys(one), ...Object.keys(others)])].filter(key => !same(one[key], others[key]))
  return keys.map(key => [`${of}.${key}`, one[key] ?? null, others[key] ?? null])
}
