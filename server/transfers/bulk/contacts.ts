import { archiveContacts, restoreContacts } from '../../contacts/archive.ts'
import { giveContacts, type Wish } from '../../contacts/give.ts'
import { type Held, holdContacts } from '../../contacts/hold.ts'
import { requireMember } from '../../contacts/owner.ts'
import { type SaidOf, setStages, unsetStages } from '../../contacts/set-stage.ts'
import { type Tagged, tagContacts, tagsNamed, untagContacts } from '../../contacts/tag-contacts.ts'
import { type Action, CHANGED_SINCE, NOT_YOURS, type Order, type Outcome, refused, type Target } from './action.ts'

/** Undone where the tag is still the one that was put there. */
export const tag: Action = {
  apply: (order, targets) =>
    ofContacts(order, targets, async held => {
      const { sql, workspace_id, settings, actor } = order
      const tags = await tagsNamed(sql, workspace_id, settings.names ?? [], actor)
      return byContact(held, await tagContacts(sql, workspace_id, idsOf(held), tags, actor))
    }),
  revert: (order, targets) =>
    ofContacts(order, targets, async held => {
      const { sql, workspace_id, actor } = order
      const put = tagsBefore(held)
      const same = await sql<Tagged[]>`
        select m.contact_id, m.tag_id
          from contact_tags m
          join unnest(${put.map(one => one.contact_id)}::int[], ${put.map(one => one.tag_id)}::int[],
                      ${put.map(one => one.added_at)}::text[]::timestamptz[]) as p(contact_id, tag_id, added_at)
            on p.contact_id = m.contact_id and p.tag_id = m.tag_id and p.added_at = m.added_at
         where m.workspace_id = ${workspace_id}`
      const gone: Tagged[] = []
      for (const [tag_id, ids] of groupBy(same, one => one.tag_id))
        gone.push(...(await untagContacts(sql, workspace_id, ids.map(({ contact_id }) => contact_id), [tag_id], actor))) // biome-ignore format: one statement
      return reverted(held, gone)
    }),
}

/** Undone by the same tags, where they are still there and nobody put them back. */
export const untag: Action = {
  apply: (order, targets) =>
    ofContacts(order, targets, async held => {
      const { sql, workspace_id, settings, actor } = order
      const tags = await sql<{ id: number }[]>`
        select id
          from tags
         where workspace_id = ${workspace_id}
           and lower(name) in (select lower(name) from unnest(${settings.names ?? []}::text[]) as name)`
      return byContact(held, await untagContacts(sql, workspace_id, idsOf(held), idsOf(tags), actor))
    }),
  revert: (order, targets) =>
    ofContacts(order, targets, async held => {
      const { sql, workspace_id, actor } = order
      const gone = tagsBefore(held)
      const tags = await sql<{ id: number; name: string }[]>`
        select id, name
          from tags
         where workspace_id = ${workspace_id} and id = any(${[...new Set(gone.map(one => one.tag_id))]}::int[])
           for key share`
      const back: Tagged[] = []
      for (const one of tags) {
        const ids = gone.filter(({ tag_id }) => tag_id === one.id).map(({ contact_id }) => contact_id)
        back.push(...(await tagContacts(sql, workspace_id, ids, [one], actor)))
      }
      return reverted(held, back)
    }),
}

/** Undone where they are still whose they became. */
export const owner: Action = {
  apply: (order, targets) =>
    ofContacts(order, targets, async held => {
      const { sql, workspace_id, settings, actor } = order
      const to = settings.owner_id ?? null
      await requireMember(sql, workspace_id, to)
      const given = await giveContacts(sql, workspace_id, held.map(one => ({ ...one, to })), actor) // biome-ignore format: one statement
      const before = new Map(given.map(({ id, owner_id }) => [id, { owner_id }]))
      return held.map(({ id }) => doneIf(id, before.get(id)))
    }),
  revert: (order, targets) =>
    ofContacts(order, targets, async held => {
      const { sql, workspace_id, settings, actor } = order
      const members = await sql<{ user_id: number }[]>`select user_id from memberships where workspace_id = ${workspace_id}`
      const here = new Set<number | null>([null, ...members.map(({ user_id }) => user_id)])
      const wishes: Wish[] = held
        .filter(one => one.owner_id === (settings.owner_id ?? null))
        .map(one => ({ ...one, to: one.before!.owner_id as number | null }))
      const given = await giveContacts(sql, workspace_id, wishes.filter(({ to }) => here.has(to)), actor) // biome-ignore format: one statement
      const [done, wanted] = [new Set(idsOf(given)), new Set(idsOf(wishes))]
      return held.map(({ id }) => {
        if (done.has(id)) return { id, state: 'done' }
        return refused(id, wanted.has(id) ? 'Whose it was does not work here any more.' : CHANGED_SINCE)
      })
    }),
}

/** Undone where nobody set it since; what they did since moves them on all the same. */
export const stage: Action = {
  apply: (order, targets) =>
    ofContacts(order, targets, async held => {
      const { sql, workspace_id, settings, actor } = order
      const set = await setStages(sql, workspace_id, idsOf(held), settings.stage ?? null, actor)
      const before = new Map(set.map(({ id, ...said }) => [id, said]))
      return held.map(({ id }) => doneIf(id, before.get(id)))
    }),
  revert: (order, targets) =>
    ofContacts(order, targets, async held => {
      const set = held.map(({ id, before }) => ({ id, ...(before as Omit<SaidOf, 'id'>) }))
      const back = new Set(idsOf(await unsetStages(order.sql, order.workspace_id, set, order.actor)))
      return held.map(({ id }) => (back.has(id) ? { id, state: 'done' } : refused(id, CHANGED_SINCE)))
    }),
}

/** Undone where they have been archived ever since. */
export const archive: Action = {
  apply: (order, targets) =>
    ofContacts(order, targets, async held => {
      const { archived, busy } = await archiveContacts(order.sql, order.workspace_id, idsOf(held), order.actor)
      return held.map(({ id }) => {
        const archived_at = archived.get(id)
        return busy.has(id) ? refused(id, busy.get(id)!) : doneIf(id, archived_at === undefined ? undefined : { archived_at })
      })
    }),
  revert: (order, targets) =>
    ofContacts(order, targets, async held => {
      const { sql, workspace_id, actor } = order
      const same = await sql<{ id: number }[]>`
        select c.id
          from unnest(${idsOf(held)}::int[], ${held.map(({ before }) => before!.archived_at as string)}::text[]) as a(id, archived_at)
          join contacts c on c.workspace_id = ${workspace_id} and c.id = a.id and c.archived_at = a.archived_at::timestamptz`
      const back = await restoreContacts(sql, workspace_id, idsOf(same), actor)
      return held.map(({ id }) => (back.has(id) ? { id, state: 'done' } : refused(id, CHANGED_SINCE)))
    }),
}

/** Undone where nobody came back to work: an open lead or an appointment to come keeps them. */
export const restore: Action = {
  apply: (order, targets) =>
    ofContacts(order, targets, async held => {
      const back = await restoreContacts(order.sql, order.workspace_id, idsOf(held), order.actor)
      return held.map(({ id }) => doneIf(id, back.has(id) ? {} : undefined))
    }),
  revert: (order, targets) =>
    ofContacts(order, targets, async held => {
      const { archived, busy } = await archiveContacts(order.sql, order.workspace_id, idsOf(held), order.actor)
      return held.map(({ id }) => (archived.has(id) ? { id, state: 'done' } : refused(id, busy.get(id) ?? CHANGED_SINCE)))
    }),
}

/** Asked for here, done by whoever erases people; there is no way back. */
export const erase: Action = {
  apply: (order, targets) =>
    ofContacts(order, targets, async held => {
      await order.erase(order.sql, order.workspace_id, idsOf(held), order.actor)
      return held.map(({ id }) => ({ id, state: 'done' }))
    }),
}

type HeldTarget = Held & Pick<Target, 'before'>

/** Those that can be changed by whoever asked, held until the commit; why not, of the others. */
async function ofContacts(
  { sql, workspace_id, only_of }: Order,
  targets: Target[],
  work: (held: HeldTarget[]) => Promise<Outcome[]>,
): Promise<Outcome[]> {
  const { held, gone } = await holdContacts(sql, workspace_id, idsOf(targets))
  const before = new Map(targets.map(target => [target.id, target.before]))
  const theirs = held.filter(({ owner_id }) => only_of === null || (owner_id !== null && only_of.includes(owner_id)))
  const foreign = held.filter(one => !theirs.includes(one))
  const outcomes = await work(theirs.map(one => ({ ...one, before: before.get(one.id) ?? null })))
  return [
    ...outcomes,
    ...[...gone].map(([id, reason]) => refused(id, reason)),
    ...foreign.map(({ id }) => refused(id, NOT_YOURS)),
  ]
}

function byContact(held: Held[], changed: Tagged[]): Outcome[] {
  const tags = groupBy(changed, ({ contact_id }) => contact_id)
  return held.map(({ id }) => {
    const of_contact = tags.get(id)?.map(({ tag_id, added_at }) => ({ tag_id, added_at }))
    return doneIf(id, of_contact && { tags: of_contact })
  })
}

function reverted(held: HeldTarget[], changed: Tagged[]): Outcome[] {
  const done = new Set(changed.map(({ contact_id }) => contact_id))
  return held.map(({ id }) => (done.has(id) ? { id, state: 'done' } : refused(id, CHANGED_SINCE)))
}

function tagsBefore(held: HeldTarget[]): Omit<Tagged, 'name'>[] {
  return held.flatMap(({ id, before }) =>
    ((before?.tags ?? []) as { tag_id: number; added_at: string }[]).map(one => ({ ...one, contact_id: id })),
  )
}

function doneIf(id: number, before: Record<string, unknown> | undefined): Outcome {
  return before ? { id, state: 'done', before } : { id, state: 'unchanged' }
}

function groupBy<T>(rows: T[], keyOf: (row: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return groups
}

function idsOf(rows: { id: number }[]) {
  return rows.map(({ id }) => id)
}
