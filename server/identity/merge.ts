import type postgres from 'postgres'
import type { MergePreview } from '../../shared/identity.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import { restoreContacts } from '../contacts/archive.ts'
import { filledBy, type Traits } from '../contacts/custom.ts'
import type { Sql } from '../database/connect.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { readFields } from '../fields/fields.ts'
import type { Custom } from '../fields/read-custom.ts'
import { recompute } from './recompute.ts'

type Side = {
  id: number
  email: string | null
  phone: string | null
  owner_id: number | null
  user_id: string | null
  merged_into: number | null
  archived_at: Date | null
  traits: Traits
  events: number
  visitors: number
}

/** What a merge would do, without doing it: the fields of both and those of the one contact that is left. */
export async function previewMerge(sql: Sql, workspace_id: number, winner_id: number, loser_id: number): Promise<MergePreview> {
  const [winner, loser] = await readSides(sql, workspace_id, winner_id, loser_id)
  const names = new Set(['email', 'phone', 'user_id', ...Object.keys(winner.traits), ...Object.keys(loser.traits)])
  const traits = [...names]
    .map(field => ({
      field,
      winner: shownValue(winner, field),
      loser: shownValue(loser, field),
      merged: merged(winner, loser, field),
    }))
    .filter(({ winner, loser }) => winner !== null || loser !== null)
  const fields = [...traits, ...(await previewCustom(sql, workspace_id, winner, loser))]
  return {
    winner_id,
    loser_id,
    needs_force: bothIdentified(winner, loser),
    visitors: loser.visitors,
    events: loser.events,
    fields,
  }
}

/** Fields of one's own, as `settleCustom` will decide. */
async function previewCustom(sql: Sql, workspace_id: number, winner: Side, loser: Side): Promise<MergePreview['fields']> {
  const fields = await readFields(sql, workspace_id, 'contact')
  if (fields.length === 0) return []
  const parts = await sql<{ id: number; own_custom: Custom; custom: Custom }[]>`
    select id, own_custom, custom
      from contacts
     where workspace_id = ${workspace_id} and whole_id = any(${[winner.id, loser.id]}::int[])
     order by id = ${winner.id}, id`
  const [ours, theirs] = [winner, loser].map(({ id }) => parts.find(part => part.id === id)!.custom) as [Custom, Custom]
  const traits = newestOf(winner.traits, loser.traits)
  const left: Custom = Object.assign({}, filledBy(fields, traits), ...parts.map(({ own_custom }) => own_custom))
  return fields
    .filter(({ key }) => key in ours || key in theirs)
    .map(({ key }) => ({
      field: `custom.${key}`,
      winner: ours[key] ?? null,
      loser: theirs[key] ?? null,
      merged: left[key] ?? null,
    }))
}

/**
 * Makes two contacts one. Nothing of the loser is deleted: it points to the winner, and undo takes the pointer back. Who is merged with
 * somebody who is not archived is not archived either, also after an undo; the loser is then as it was.
 */
export async function mergeContacts(
  sql: postgres.TransactionSql,
  workspace_id: number,
  winner_id: number,
  loser_id: number,
  force: boolean,
  actor: Actor,
): Promise<number> {
  await lockIdentity(sql, [workspace_id])
  const [winner, loser] = await readSides(sql, workspace_id, winner_id, loser_id)
  if (bothIdentified(winner, loser) && !force) throw refuse('two_identified')
  const [merge] = await sql<{ id: number }[]>`
    insert into contact_merges (workspace_id, winner_id, loser_id, forced, actor, before)
    values (${workspace_id}, ${winner_id}, ${loser_id}, ${force}, ${JSON.stringify(actor)}::text::jsonb,
            ${JSON.stringify({ winner, loser })}::text::jsonb)
    returning id`
  await sql`
    update contacts
       set email = coalesce(email, ${loser.email}), phone = coalesce(phone, ${loser.phone}), owner_id = coalesce(owner_id, ${loser.owner_id}),
           updated_at = now()
     where workspace_id = ${workspace_id} and id = ${winner_id}`
  if (loser.archived_at === null) await restoreContacts(sql, workspace_id, [winner_id], actor)
  // What the other one did before they were archived brings nobody back.
  else
    await sql`
      update contacts
         set archived_at = greatest(archived_at, ${loser.archived_at})
       where workspace_id = ${workspace_id} and id = ${winner_id} and archived_at is not null`
  await recompute(sql, workspace_id, { visitors: [], contacts: [winner_id, loser_id] }, actor)
  await sql`
    update merge_suggestions
       set decided_at = now(), decision = 'merged'
     where workspace_id = ${workspace_id} and decided_at is null
       and contact_id = ${Math.min(winner_id, loser_id)} and other_contact_id = ${Math.max(winner_id, loser_id)}`
  await recordActivities(sql, workspace_id, [
    {
      action: 'contact.merged',
      actor,
      contact_id: winner_id,
      subject_id: String(merge!.id),
      before: shown(winner, loser),
      after: { winner_id, loser_id },
    },
  ])
  return merge!.id
}

/** Both contacts stand by themselves again, with the visitors, timelines, properties and counts that each had and has gained. */
export async function undoMerge(sql: postgres.TransactionSql, workspace_id: number, merge_id: number, actor: Actor) {
  await lockIdentity(sql, [workspace_id])
  const [merge] = await sql<{ winner_id: number; loser_id: number; before: { winner: Side; loser: Side } }[]>`
    update contact_merges
       set undone_at = now(), undone_by = ${JSON.stringify(actor)}::text::jsonb
     where workspace_id = ${workspace_id} and id = ${merge_id} and undone_at is null
    returning winner_id, loser_id, before`
  if (!merge) throw await whyNot(sql, workspace_id, merge_id)
  const { winner_id, loser_id, before } = merge
  // What the merge had lent to the winner goes back, unless somebody changed it since.
  for (const field of ['email', 'phone', 'owner_id'] as const) {
    if (before.winner[field] !== null || before.loser[field] === null) continue
    await sql`
      update contacts set ${sql(field)} = null, updated_at = now()
       where workspace_id = ${workspace_id} and id = ${winner_id} and ${sql(field)} = ${before.loser[field]}`
  }
  await recompute(sql, workspace_id, { visitors: [], contacts: [winner_id, loser_id] }, actor)
  await recordActivities(sql, workspace_id, [
    {
      action: 'contact.unmerged',
      actor,
      contact_id: winner_id,
      subject_id: String(merge_id),
      before: { loser_id },
      after: { winner_id },
    },
    {
      action: 'contact.unmerged',
      actor,
      contact_id: loser_id,
      subject_id: String(merge_id),
      before: { winner_id },
      after: { loser_id },
    },
  ])
}

async function whyNot(sql: Sql, workspace_id: number, merge_id: number) {
  const [known] = await sql`select from contact_merges where workspace_id = ${workspace_id} and id = ${merge_id}`
  return refuse(known ? 'already_undone' : 'not_found')
}

async function readSides(sql: Sql, workspace_id: number, winner_id: number, loser_id: number): Promise<[Side, Side]> {
  if (winner_id === loser_id) throw refuse('invalid_fields', { fields: { other_id: 'must be another contact' } })
  const sides = await sql<Side[]>`
    select c.id, c.email, c.phone, c.owner_id, c.user_id, c.merged_into, c.archived_at, c.traits, c.event_count as events,
           (select count(*)::int from visitors v where v.workspace_id = c.workspace_id and v.contact_id = c.id) as visitors
      from contacts c
     where c.workspace_id = ${workspace_id} and c.id = any(${[winner_id, loser_id]}::int[])`
  const winner = sides.find(side => side.id === winner_id)
  const loser = sides.find(side => side.id === loser_id)
  if (!winner || !loser) throw refuse('not_found')
  if (winner.merged_into !== null || loser.merged_into !== null) throw refuse('already_merged')
  return [winner, loser]
}

function bothIdentified(winner: Side, loser: Side) {
  return winner.user_id !== null && loser.user_id !== null && winner.user_id !== loser.user_id
}

function shownValue(side: Side, field: string): unknown {
  if (field === 'email' || field === 'phone' || field === 'user_id') return side[field]
  return side.traits[field]?.[0] ?? null
}

function merged(winner: Side, loser: Side, field: string): unknown {
  if (field === 'email' || field === 'phone' || field === 'user_id') return winner[field] ?? loser[field]
  return newestOf(winner.traits, loser.traits)[field]?.[0] ?? null
}

function newestOf(ours: Traits, theirs: Traits): Traits {
  const newer = Object.entries(theirs).filter(([key, [, at]]) => at > (ours[key]?.[1] ?? Number.NEGATIVE_INFINITY))
  return { ...ours, ...Object.fromEntries(newer) }
}

function shown(winner: Side, loser: Side) {
  return { winner: { email: winner.email, phone: winner.phone }, loser: { email: loser.email, phone: loser.phone } }
}
