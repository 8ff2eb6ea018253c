import type postgres from 'postgres'
import { recordActivities } from '../../activities/record.ts'
import { settleCustom } from '../../contacts/custom.ts'
import { foldContacts } from '../../contacts/fold.ts'
import { type Matcher, type Person, readMatches } from '../../contacts/match.ts'
import { type Changes, isSame } from '../../contacts/overwrite.ts'
import type { Known } from '../../contacts/places.ts'
import { removeContacts } from '../../contacts/remove.ts'
import { requireAll } from '../may.ts'
import type { Step } from '../transfer.ts'
import { readCustomOf, updatesOf, writeCustom, writeOwners } from './batch.ts'
import { type ImportActor, revertRows, type Written } from './revert-rows.ts'

/**
 * Takes back what an import wrote: fields get what they had before where they still have what the import gave them, and whom it made is deleted
 * where nothing else is known of them. Throws `forbidden`.
 */
export const revertContacts: Step = (run, means) => {
  requireAll(means.doer, 'contacts', 'update')
  return revertRows(run, means, takeBack)
}

/** Returns why of which rows something stays. */
async function takeBack(
  sql: postgres.TransactionSql,
  workspace_id: number,
  rows: Written[],
  actor: ImportActor,
): Promise<Map<number, string>> {
  const kept = new Map<number, string>()
  const matcher = await readMatches(
    sql,
    rows.flatMap(row => peopleOf(row, workspace_id)),
  )
  const custom = await readCustomOf(
    sql,
    workspace_id,
    rows.map(({ contact_id }) => contact_id),
  )
  const [owners, new_custom] = [new Map<number, number | null>(), new Map<number, Record<string, unknown>>()]
  const off: { row: number; contact_id: number; name: string }[] = []
  const given: { contact_id: number; changes: Changes }[] = []
  for (const row of rows.filter(({ outcome }) => outcome === 'updated')) {
    const contact = matcher.look(personOf(workspace_id, row.contact_id)).id
    if (!contact || contact.id !== row.contact_id) {
      kept.set(row.row, contact ? 'was merged with another contact since' : 'is not there any more')
      continue
    }
    const { changes = {}, later } = giveBack(matcher, workspace_id, contact, row, { custom, owners, new_custom })
    if (later.length > 0) kept.set(row.row, `${later.join(', ')} was changed since`)
    given.push({ contact_id: contact.id, changes })
    off.push(
      ...((row.changes?.tags?.[1] as string[] | undefined) ?? []).map(name => ({ row: row.row, contact_id: contact.id, name })),
    )
  }
  const changed = await matcher.write()
  await writeOwners(sql, workspace_id, owners)
  await writeCustom(sql, workspace_id, new_custom)
  await takeTagsOff(sql, workspace_id, off, actor)
  await recordActivities(sql, workspace_id, updatesOf(given, actor))
  await foldContacts(sql, changed, actor)
  await settleCustom(sql, workspace_id, [...new_custom.keys()])
  const made = rows.filter(({ outcome }) => outcome === 'created')
  const stay = await removeContacts(
    sql,
    workspace_id,
    made.map(({ contact_id }) => contact_id),
    actor,
  )
  for (const { row, contact_id } of made) if (stay.has(contact_id)) kept.set(row, stay.get(contact_id)!)
  return kept
}

type Rest = {
  custom: Map<number, Record<string, unknown>>
  owners: Map<number, number | null>
  new_custom: Map<number, Record<string, unknown>>
}

/** `later`: what somebody gave another value since, and what is another contact's now. */
function giveBack(
  matcher: Matcher,
  workspace_id: number,
  contact: Known,
  { changes }: Written,
  { custom, owners, new_custom }: Rest,
) {
  const given: Changes = {}
  const later: string[] = []
  const keys: { email?: string | null; phone?: string | null } = {}
  const traits: Record<string, unknown> = {}
  for (const [field, [was, is]] of Object.entries(changes ?? {})) {
    if (field === 'tags') continue
    const key = field.startsWith('custom.') ? field.slice('custom.'.length) : null
    const own = custom.get(contact.id) ?? {}
    const owner = owners.has(contact.id) ? owners.get(contact.id) : contact.owner_id
    const shown =
      key !== null
        ? own[key]
        : field === 'owner_id'
          ? owner
          : field === 'email' || field === 'phone'
            ? contact[field]
            : contact.traits[field]?.[0]
    if (!isSame(shown, is) || isTaken(matcher, workspace_id, contact, field, was)) later.push(field)
    else if (key !== null) {
      custom.set(contact.id, { ...own, [key]: was })
      new_custom.set(contact.id, { ...new_custom.get(contact.id), [key]: was })
      given[field] = [is, was]
    } else if (field === 'owner_id') {
      owners.set(contact.id, was as number | null)
      given[field] = [is, was]
    } else if (field === 'email' || field === 'phone') keys[field] = was as string | null
    else traits[field] = was
  }
  return { changes: { ...given, ...matcher.overwrite(workspace_id, contact, { ...keys, traits, at: Date.now() }) }, later }
}

function isTaken(matcher: Matcher, workspace_id: number, contact: Known, field: string, was: unknown) {
  if ((field !== 'email' && field !== 'phone') || was === null) return false
  const owner = matcher.look({ ...personOf(workspace_id, null), [field]: was as string })[field]
  return owner !== undefined && owner !== contact
}

function personOf(workspace_id: number, id: number | null): Person {
  return { workspace_id, scope: '', email: null, phone: null, user_id: null, id, traits: {}, at: 0 }
}

/** The contact, and whoever has now what it had before. */
function peopleOf({ contact_id, changes }: Written, workspace_id: number): Person[] {
  const [email, phone] = [changes?.email?.[0] ?? null, changes?.phone?.[0] ?? null] as (string | null)[]
  return [{ ...personOf(workspace_id, contact_id), email: email!, phone: phone! }]
}

async function takeTagsOff(
  sql: postgres.TransactionSql,
  workspace_id: number,
  off: { contact_id: number; name: string }[],
  actor: ImportActor,
) {
  if (off.length === 0) return
  const gone = await sql<{ contact_id: number; tag_id: number; name: string }[]>`
    with gone as (
      delete from contact_tags m
       using tags t, unnest(${off.map(one => one.contact_id)}::int[], ${off.map(one => one.name)}::text[]) as o(contact_id, name)
       where m.workspace_id = ${workspace_id} and t.workspace_id = m.workspace_id and t.id = m.tag_id and lower(t.name) = lower(o.name)
         and m.contact_id = o.contact_id and m.source = 'import'
      returning m.contact_id, m.tag_id, t.name
    )
    select contact_id, tag_id, name from gone`
  const untagged = gone.map(({ contact_id, tag_id, name }) => ({
    action: 'contact.untagged', actor, contact_id, subject_id: tag_id, before: { tag_id, name },
  })) // biome-ignore format: short
  await recordActivities(sql, workspace_id, untagged)
}
