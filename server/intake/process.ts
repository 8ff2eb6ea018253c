import type postgres from 'postgres'
import { restoreAmong } from '../contacts/archive.ts'
import { foldContacts } from '../contacts/fold.ts'
import { readMatches } from '../contacts/match.ts'
import { numberLeads } from '../contacts/number.ts'
import { inWorkspaces, lockIdentity } from '../database/transaction.ts'
import { readCustom } from '../fields/read-custom.ts'
import { joinContacts } from '../identity/join-contacts.ts'
import { assignLeads, type Unassigned } from '../leads/assign.ts'
import { insertLeads, type NewLead } from '../leads/insert.ts'
import type { VisitorNumbers } from '../visitors/number.ts'
import { settle } from './answer.ts'
import { type Candidate, consider, type Parts } from './consider.ts'
import { type Accepted, actorOf, type Decided, decide } from './decide.ts'
import { type Part, part, type Settled, type Waiting } from './delivery.ts'
import { readFacts } from './facts.ts'
import { fetchLater } from './fetch-later.ts'
import type { Outcome } from './formats/format.ts'
import { settleMeetings } from './meetings.ts'
import { openDeliveries } from './open.ts'
import { readSettings, type Settings } from './settings.ts'
import { countCaps, countUsage, writeSettled } from './settle.ts'

const BY_INTAKE = { kind: 'system', name: 'Lead intake' }

/**
 * Makes leads of deliveries: one transaction, a constant number of statements, whatever its size and however many webhooks and workspaces
 * it is of. Under the workspaces' lock everything is read once, decided in memory one lead after the other, and written once. A delivery
 * that somebody else processed meanwhile keeps what became of it.
 */
export async function processDeliveries(
  writer: postgres.Sql,
  numbers: VisitorNumbers,
  batch: Waiting[],
  plan_again = false,
): Promise<Map<Waiting, Outcome>> {
  const workspace_ids = [...new Set(batch.map(one => one.workspace_id))]
  return inWorkspaces(writer, workspace_ids, async sql => {
    if (plan_again) await sql.unsafe('discard plans')
    // Sent together: they run one after the other, so what is read is read under the lock.
    const [, settings, { opened, ended, twins }] = await Promise.all([
      lockIdentity(sql, workspace_ids),
      readSettings(sql, batch),
      openDeliveries(sql, batch),
    ])
    const { parts, candidates } = consider(opened, settings)
    const matcher = await readMatches(
      sql,
      candidates.map(({ person }) => person),
    )
    const facts = await readFacts(sql, candidates, matcher)
    const decided = decide(candidates, parts, facts, matcher)
    const fresh = decided.accepted.filter(({ lead_id }) => lead_id === null)
    const [changed, leads] = await Promise.all([matcher.write(), planLeads(sql, fresh)])
    const lead_ids = new Map(fresh.map(({ candidate }, k) => [candidate, leads[k]!.id]))
    await insertLeads(sql, leads)
    await restoreAmong(sql, decided.returned)
    const meetings = await settleMeetings(sql, decided, lead_ids)
    tellParts(parts, decided, lead_ids, meetings)
    const settled = new Map<Waiting, Settled>(
      opened.map(({ waiting }) => [waiting, settle(waiting.id, parts.get(waiting)!.map(known))]),
    )
    await Promise.all([
      foldContacts(sql, changed, BY_INTAKE),
      writeSettled(sql, settled),
      countCaps(sql, decided.counted),
      countUsage(sql, opened, settled),
      fetchLater(sql, settled),
    ])
    await joinContacts(sql, numbers, decided.accepted.flatMap(claimOf))
    const told = [...settled].map(([waiting, { answered }]) => [waiting, answered] as const)
    return new Map([...ended, ...told, ...twins.map(([twin, of]) => [twin, settled.get(of)!.answered] as const)])
  })
}

/** What was decided, as answers: which lead, contact and appointment each part became. */
function tellParts(
  parts: Parts,
  { accepted, changed, echoes }: Decided,
  lead_ids: Map<Candidate, number>,
  meetings: Map<Candidate, number>,
) {
  const become = (candidate: Candidate, { waiting, at }: Candidate, made: Part) => {
    parts.get(waiting)![at] = { ...made, appointment_id: meetings.get(candidate) ?? null }
  }
  for (const { candidate, matched, lead_id } of accepted) {
    const { mapped, is_test } = candidate
    const { contact_id, is_new } = matched
    const contact_status = is_new ? 'new' : 'existing'
    const fields = Object.keys(mapped.problems).length > 0 ? mapped.problems : null
    const made = { lead_id: lead_id ?? lead_ids.get(candidate)!, contact_id, contact_status, fields, is_test } as const
    become(candidate, candidate, part('accepted', made))
  }
  for (const { candidate, known } of changed) {
    const { contact_id, lead_id } = known
    become(
      candidate,
      candidate,
      part('accepted', { lead_id, contact_id, contact_status: 'existing', is_test: candidate.is_test }),
    )
  }
  for (const { candidate, of } of echoes) {
    const { lead_id, contact_id } = parts.get(of.candidate.waiting)![of.candidate.at]!
    become(of.candidate, candidate, part('duplicate', { reason: 'already_received', lead_id, contact_id }))
  }
}

/** The leads with their ids and whose work they are. */
async function planLeads(sql: postgres.TransactionSql, accepted: Accepted[]): Promise<NewLead[]> {
  if (accepted.length === 0) return []
  const [ids, assignments] = await Promise.all([
    numberLeads(sql, countByWorkspace(accepted)),
    assignLeads(sql, accepted.map(unassigned)),
  ])
  return accepted.map(({ candidate, matched }, k) => {
    const { settings, waiting, mapped, item, is_test } = candidate
    return {
      ...mapped.values,
      source: (mapped.values as Texts).source ?? settings.source,
      fields: mapped.fields,
      custom: ownOf(settings, mapped.fields),
      payload: item.fields,
      workspace_id: settings.workspace_id,
      id: ids.get(settings.workspace_id)!.shift()!,
      contact_id: matched.contact_id,
      lead_type: settings.lead_type,
      webhook_id: settings.id,
      provider_id: waiting.provider_id,
      delivery_id: waiting.id,
      said_at: waiting.received_at,
      pipeline_id: settings.pipeline_id,
      status: null,
      is_test,
      assignment: assignments[k]!,
      actor: actorOf(candidate),
    }
  })
}

/** What came under the names of the workspace's own fields and fits them. It stays in `fields`, whatever becomes of it. */
function ownOf({ own_fields }: Settings, fields: Record<string, unknown>) {
  const named = own_fields.filter(({ key }) => Object.hasOwn(fields, key))
  const { custom } = readCustom(own_fields, Object.fromEntries(named.map(({ key }) => [key, fields[key]])))
  return Object.fromEntries(Object.entries(custom).filter(([, value]) => value !== null))
}

function unassigned({ candidate: { settings, mapped, is_test }, matched: { owner_id } }: Accepted): Unassigned {
  const { source = settings.source, product = null, state = null, zip_code = null, country = null } = mapped.values as Texts
  const { workspace_id, id: webhook_id, lead_type, default_owner_id } = settings
  return { workspace_id, is_test, default_owner_id, lead_type, source, product, webhook_id, state, zip_code, country, owner_id }
}

type Texts = Record<string, string | undefined>

function countByWorkspace(accepted: Accepted[]) {
  const counts = new Map<number, number>()
  for (const { candidate } of accepted) {
    const { workspace_id } = candidate.waiting
    counts.set(workspace_id, (counts.get(workspace_id) ?? 0) + 1)
  }
  return [...counts].map(([workspace_id, count]) => ({ workspace_id, count }))
}

/** A lead that carries the tracker's id joins the history of that visitor. */
function claimOf({ candidate: { waiting, mapped }, matched: { contact_id } }: Accepted) {
  const { distinct_id } = mapped.values
  if (typeof distinct_id !== 'string') return []
  const { workspace_id, received_at: occurred_at, id } = waiting
  return [{ workspace_id, distinct_id, contact_id, occurred_at, message_id: `intake ${id}` }]
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a lead was not decided')
  return value
}
