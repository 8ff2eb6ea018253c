import type { Person } from '../../../contacts/match.ts'
import type { Changes, LeadRow } from '../../../leads/change.ts'
import { same } from '../../../leads/same.ts'
import type { Result } from '../decide.ts'
import { BLANK } from './blank.ts'
import { changesOf, type Wish, wishOf } from './changes-of.ts'
import type { Draft, LeadDesk } from './desk.ts'
import { personOf } from './person.ts'
import type { LeadSays } from './read-lead.ts'

/** Which lead a row is, and what it changes: in memory, one row after the other, so a row finds the lead that an earlier one made. */
export function decideLead(says: LeadSays, desk: LeadDesk): Result {
  const { how, workspace_id } = desk
  const result = (outcome: Result['outcome'], reason: string | null, draft?: Draft): Result => ({
    row: says.row, outcome, contact_id: draft?.lead.contact_id ?? null, lead_id: draft?.lead.id ?? null, reason, person: null, changes: null,
  }) // biome-ignore format: short
  if (says.problem !== null) return result('failed', says.problem)
  const person = personOf(says, workspace_id, desk.now)
  if ([person.email, person.phone, person.user_id].some(value => value !== null && desk.erased.has(value)))
    return result('skipped', 'was erased after this file was sent')
  const found = leadOf(says, desk)
  if ('wrong' in found) return result(found.outcome, found.wrong)
  const { draft } = found
  if (draft && !isTheirs(draft.lead, desk.of_users))
    return result('skipped', `lead ${draft.lead.id} is not one that you may change`)
  if (draft && !isOf(draft, person, says, desk))
    return result('ambiguous', `lead ${draft.lead.id} is of somebody with another e-mail and phone`, draft)
  if (draft && how.mode === 'create') return result('skipped', `is lead ${draft.lead.id} already`, draft)
  if (!draft && how.mode === 'update') return result('skipped', 'is no lead that is here')
  const wish = wishOf(says, draft?.lead, desk)
  if ('wrong' in wish) return result('failed', wish.wrong)
  if (!draft) return make(says, person, wish, desk, result)
  const changes = apply(draft, says, wish, desk)
  return { ...result(Object.keys(changes).length > 0 ? 'updated' : 'unchanged', null, draft), changes }
}

type Refused = { outcome: 'failed' | 'ambiguous'; wrong: string }

function leadOf(
  { id, external_id }: LeadSays,
  { how: { by }, by_id, by_external }: LeadDesk,
): { draft: Draft | undefined } | Refused {
  if (by === 'id') return { draft: id === null ? undefined : by_id.get(id) }
  if (by !== 'external_id') return { draft: undefined }
  if (external_id === null) return { outcome: 'failed', wrong: 'has no id of its sender, by which leads are found' }
  const [draft, other] = by_external.get(external_id) ?? []
  if (draft && other)
    return { outcome: 'ambiguous', wrong: `its sender's id is of lead ${draft.lead.id} and of lead ${other.lead.id}` }
  return { draft }
}

/** Whether those whose leads somebody may change have it; null: everybody's. */
export function isTheirs({ assigned_to }: LeadRow, of_users: number[] | null) {
  return of_users === null || (assigned_to !== null && of_users.includes(assigned_to))
}

/** Numbers of leads are of one workspace: a file of another one must not change a lead that has the same by chance. */
function isOf({ contact: { id, emails, phones } }: Draft, person: Person, { values }: LeadSays, { matcher }: LeadDesk) {
  const { email, phone } = values
  if (email === undefined && phone === undefined) return true
  return emails.includes(String(email)) || phones.includes(String(phone)) || matcher.find({ ...person, id: null }) === id
}

function make(
  says: LeadSays,
  person: Person,
  wish: Wish,
  desk: LeadDesk,
  result: (outcome: Result['outcome'], reason: string | null, draft?: Draft) => Result,
): Result {
  if (says.missing.length > 0) return result('failed', `${says.missing.join(', ')} is required of a new lead`)
  const owner = ownerOf(wish, desk)
  if (owner !== null && typeof owner === 'object') return result('failed', owner.wrong)
  const whose = contactOf(desk.sees_all ? person : { ...person, id: null, user_id: null }, desk)
  if ('wrong' in whose) return result(whose.outcome, whose.wrong)
  const first = desk.pipelines.find(({ is_default }) => is_default) ?? desk.pipelines[0]!
  const stage = desk.stages.find(({ pipeline_id, kind }) => pipeline_id === first.id && kind === 'open')!
  const lead = {
    ...BLANK,
    id: desk.next_id(),
    contact_id: whose.id,
    pipeline_id: first.id,
    status: stage.key,
    conversion_count: 0,
  }
  const { email, phone } = person
  const draft: Draft = {
    lead: lead as LeadRow,
    made: { says, owner, contact_owner: whose.owner_id },
    is_changed: true,
    contact: { id: whose.id, emails: email === null ? [] : [email], phones: phone === null ? [] : [phone] },
  }
  apply(draft, says, { ...wish, assigned_to: owner }, desk)
  desk.by_id.set(draft.lead.id, draft)
  if (says.external_id !== null) desk.by_external.set(says.external_id, [draft])
  const key = desk.how.by === 'external_id' ? `external_id ${says.external_id}` : `row ${says.row}`
  return {
    ...result('created', null, draft),
    person: key,
    changes: whose.is_new ? { contact_id: [null, whose.id] } : null,
  }
}

/** undefined: the rules choose. Who makes only what is their own gives it to nobody else. */
function ownerOf({ assigned_to }: Wish, { how, for_users, doer_id }: LeadDesk): number | null | undefined | { wrong: string } {
  if (for_users !== null) {
    if (assigned_to === undefined || assigned_to === null) return doer_id
    return for_users.includes(assigned_to) ? assigned_to : { wrong: 'owner: your role makes leads that are yours' }
  }
  return assigned_to === undefined ? (how.assign ? undefined : null) : assigned_to
}

type Whose = { id: number; owner_id: number | null; is_new: boolean }

/** The contact that the row names, or whom the one matcher finds or makes. */
function contactOf(person: Person, { matcher, actor }: LeadDesk): Whose | Refused {
  const { id, email, phone } = person
  const other = matcher.find(person)
  if (id != null) {
    const contact = matcher.look(person).id
    if (!contact) return { outcome: 'failed', wrong: `${id} is no contact here` }
    if (other !== undefined && other !== contact.id)
      return {
        outcome: 'ambiguous',
        wrong: `names contact ${contact.id}, and its e-mail, phone or user id is of contact ${other}`,
      }
    if (other === undefined && (email !== null || phone !== null))
      return { outcome: 'ambiguous', wrong: `contact ${contact.id} has another e-mail and phone` }
    return { id: contact.id, owner_id: contact.owner_id, is_new: false }
  }
  if (email === null && phone === null && other === undefined)
    return { outcome: 'failed', wrong: 'has neither an e-mail nor a phone, and one of them says whose the lead is' }
  const { contact_id, owner_id, is_new } = matcher.take(person, actor, 'import')
  return { id: contact_id, owner_id, is_new }
}

/** Lets the lead be as the row says. Returns what is different, as people have it. */
function apply(draft: Draft, says: LeadSays, wish: Wish, desk: LeadDesk): NonNullable<Result['changes']> {
  const wanted = changesOf(draft.lead, says, wish, desk)
  const names = (Object.keys(wanted) as (keyof Changes)[]).filter(
    name => wanted[name] !== undefined && !same(draft.lead[name], wanted[name]),
  )
  if (names.length === 0) return {}
  const was = draft.lead
  draft.lead = { ...was, ...Object.fromEntries(names.map(name => [name, wanted[name]])) }
  draft.is_changed = true
  return Object.fromEntries(names.filter(name => !FOLLOWS.has(name)).flatMap(name => toldOf(name, was[name], draft.lead[name])))
}

/** What follows from another change. */
const FOLLOWS = new Set(['kind', 'status_changed_at', 'assigned_at', 'position'])

function toldOf(name: string, was: unknown, is: unknown): [string, [unknown, unknown]][] {
  if (name !== 'fields' && name !== 'custom') return [[name, [was, is]]]
  const [before, after] = [was, is] as Record<string, unknown>[]
  const keys = [...new Set([...Object.keys(before!), ...Object.keys(after!)])].filter(key => !same(before![key], after![key]))
  return keys.map(key => [`${name}.${key}`, [before![key] ?? null, after![key] ?? null]])
}
