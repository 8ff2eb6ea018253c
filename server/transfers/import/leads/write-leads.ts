import type postgres from 'postgres'
import { foldContacts } from '../../../contacts/fold.ts'
import { numberLeads } from '../../../contacts/number.ts'
import { joinContacts } from '../../../identity/join-contacts.ts'
import { type Assignment, assignLeads } from '../../../leads/assign.ts'
import { type Changes, changeLeads, type Name } from '../../../leads/change.ts'
import { insertLeads, type NewLead } from '../../../leads/insert.ts'
import type { VisitorNumbers } from '../../../visitors/number.ts'
import { BLANK } from './blank.ts'
import type { Draft, LeadDesk } from './desk.ts'

type Made = Draft & Required<Pick<Draft, 'made'>>

/** Under the identity lock, in the transaction in which it was decided. A constant number of statements for any number of leads. */
export async function writeLeads(sql: postgres.TransactionSql, desk: LeadDesk, numbers: VisitorNumbers): Promise<void> {
  const { workspace_id, matcher, actor, by_id } = desk
  const drafts = [...by_id.values()].filter(({ is_changed }) => is_changed)
  const made = drafts.filter((draft): draft is Made => draft.made !== undefined)
  const changed = drafts.filter(draft => draft.made === undefined)
  await foldContacts(sql, await matcher.write(), actor)
  if (made.length > 0) {
    await numberLeads(sql, [{ workspace_id, count: made.length }]) // those that were given in memory
    const assignments = await assign(sql, made, desk)
    await insertLeads(
      sql,
      made.map((draft, k) => newLead(draft, assignments[k]!, desk)),
    )
  }
  const wanted = new Map(changed.map(({ lead }) => [lead.id, lead]))
  const changes = (id: number) => Object.fromEntries(NAMES.map(name => [name, wanted.get(id)![name]])) as Changes
  await changeLeads(sql, workspace_id, [...wanted.keys()], ({ id }) => changes(id), actor)
  await joinContacts(
    sql,
    numbers,
    made.flatMap(({ lead: { contact_id }, made: { says } }) => {
      const { distinct_id } = says.values
      if (typeof distinct_id !== 'string') return []
      return [{ workspace_id, distinct_id, contact_id, occurred_at: desk.now, message_id: `import ${actor.id} ${says.row}` }]
    }),
  )
}

const NAMES = Object.keys(BLANK) as Name[]

/** Whom nobody was named for gets whom the rules choose, where whoever imports asked for that. */
async function assign(sql: postgres.TransactionSql, made: Made[], { workspace_id }: LeadDesk): Promise<Assignment[]> {
  const open = made.filter(({ made: { owner } }) => owner === undefined)
  const chosen = await assignLeads(
    sql,
    open.map(({ lead, made: { contact_owner } }) => {
      const { lead_type, source, product, state, zip_code, country } = lead as Record<string, unknown> as Record<
        string,
        string | null
      >
      const about = { source: source!, product: product!, state: state!, zip_code: zip_code!, country: country! }
      return {
        workspace_id,
        lead_type: lead_type!,
        ...about,
        webhook_id: null,
        is_test: lead.is_test,
        owner_id: contact_owner,
        default_owner_id: null,
      }
    }),
  )
  const by_rule = new Map(open.map((draft, k) => [draft, chosen[k]!]))
  return made.map(draft => {
    const { assigned_to: user_id } = draft.lead
    return by_rule.get(draft) ?? { user_id, rule_id: null, reason: user_id === null ? 'nobody' : 'by_hand' }
  })
}

/** What a lead keeps of the person as they were told this time. */
const TOLD = ['first_name', 'last_name', 'email', 'phone', 'ip', 'user_agent', 'distinct_id'] as const

function newLead({ lead, made: { says } }: Made, assignment: Assignment, { workspace_id, actor }: LeadDesk): NewLead {
  const { kind: _, status_changed_at: __, position: ___, assigned_to: ____, assigned_at: _____, closed_at, ...columns } = lead
  return {
    ...(columns as unknown as NewLead),
    ...Object.fromEntries(TOLD.flatMap(name => (says.values[name] === undefined ? [] : [[name, String(says.values[name])]]))),
    external_id: says.external_id,
    workspace_id,
    webhook_id: null,
    created_at: says.created_at,
    closed_at: closed_at === null ? null : (closed_at as Date).toISOString(),
    ...(says.created_at !== null && { said_at: Date.parse(says.created_at) }),
    assignment,
    actor,
  }
}
