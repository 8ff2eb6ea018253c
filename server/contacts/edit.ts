import type postgres from 'postgres'
import type { Contact, ContactUpdate } from '../../shared/contacts.ts'
import type { Actor } from '../../shared/shape.ts'
import type { ContactWithTags } from '../../shared/tags.ts'
import { recordActivities } from '../activities/record.ts'
import { lockIdentity } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { readGiven } from '../fields/read-given.ts'
import { settleCustom } from './custom.ts'
import { findContact } from './find.ts'
import { foldContacts } from './fold.ts'
import { ownKeys, readKeys } from './keys.ts'
import { requireMember } from './owner.ts'
import { isNews, type Said, sayStage } from './set-stage.ts'
import { traitsOf } from './traits.ts'

/** Changes what is given and leaves the rest; null takes a value away. Throws `conflict` when `if_updated_at` is not the newest. */
export async function editContact(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, ...given }: ContactUpdate,
  actor: Actor,
): Promise<ContactWithTags> {
  await lockIdentity(sql, [workspace_id])
  const before = await findContact(sql, workspace_id, id)
  if (before.merged_into !== null) {
    throw refuse('already_merged', { message: `This contact is part of contact ${before.merged_into}. Change that one.` })
  }
  await requireNewest(sql, workspace_id, id, if_updated_at)
  const keys = await readKeys(sql, workspace_id, given)
  const { email, phone } = { ...before, ...keys }
  if (email === null && phone === null) throw refuse('invalid_fields', { fields: { email: 'or a phone must stay' } })
  const owner_id = given.owner_id === undefined ? before.owner_id : given.owner_id
  await requireMember(sql, workspace_id, given.owner_id)
  const traits = traitsOf(given, Date.now())
  const custom = await readGiven(sql, workspace_id, 'contact', given.custom)
  const said = given.stage !== undefined && isNews(before, given.stage) ? sayStage(given.stage, actor) : null
  const changes = changesOf(before, { ...given, ...keys }, traits, custom, said)
  if (Object.keys(changes.after).length === 0) return before
  await ownKeys(sql, workspace_id, id, before, keys)
  await sql`
    update contacts
       set email      = ${email},
           phone      = ${phone},
           owner_id   = ${owner_id},
           own_traits = own_traits || ${JSON.stringify(traits)}::text::jsonb,
           own_custom = own_custom || ${JSON.stringify(custom)}::text::jsonb,
           own_stage  = coalesce(${said && JSON.stringify(said)}::text::jsonb, own_stage)
     where workspace_id = ${workspace_id} and id = ${id}`
  await recordActivities(sql, workspace_id, [{ action: 'contact.updated', actor, contact_id: id, ...changes }])
  await foldContacts(sql, [{ workspace_id, contact_id: id }], actor)
  await settleCustom(sql, workspace_id, [id])
  await stampLater(sql, workspace_id, id)
  return findContact(sql, workspace_id, id)
}

async function requireNewest(sql: postgres.TransactionSql, workspace_id: number, id: number, if_updated_at: string | undefined) {
  if (if_updated_at === undefined) return
  const [row] = await sql<{ is_newest: boolean }[]>`
    select date_trunc('milliseconds', updated_at) = date_trunc('milliseconds', ${if_updated_at}::timestamptz) as is_newest
      from contacts
     where workspace_id = ${workspace_id} and id = ${id}`
  if (!row!.is_newest) throw refuse('conflict')
}

/** JSON carries milliseconds, so two edits never share one: else the second would not see that it is late. */
async function stampLater(sql: postgres.TransactionSql, workspace_id: number, id: number) {
  await sql`
    update contacts
       set updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
}

/** What is different afterwards, for the activity: fields by their names, properties as `properties.<key>`, one's own as `custom.<key>`. */
function changesOf(
  before: Contact,
  given: Record<string, unknown>,
  traits: Record<string, [unknown, number]>,
  custom: Record<string, unknown>,
  said: Said | null,
) {
  const changes = { before: {} as Record<string, unknown>, after: {} as Record<string, unknown> }
  const note = (name: string, was: unknown, is: unknown) => {
    if (JSON.stringify(was ?? null) === JSON.stringify(is ?? null)) return
    changes.before[name] = was ?? null
    changes.after[name] = is ?? null
  }
  for (const name of ['email', 'phone', 'owner_id'] as const) if (given[name] !== undefined) note(name, before[name], given[name])
  for (const [key, [value]] of Object.entries(traits)) {
    if (key in before && key !== 'properties' && key !== 'custom' && key !== 'tags')
      note(key, before[key as keyof Contact], value)
    else note(`properties.${key}`, before.properties[key], value)
  }
  if (said) {
    changes.before.stage_by_hand = before.stage_by_hand?.stage ?? null
    changes.after.stage_by_hand = said.stage
  }
  for (const [key, value] of Object.entries(custom)) note(`custom.${key}`, before.custom[key], value)
  return changes
}
