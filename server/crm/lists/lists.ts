import { isDeepStrictEqual } from 'node:util'
import type postgres from 'postgres'
import type {
  MailingList,
  MailingListCreate,
  MailingListJoin,
  MailingListMember,
  MailingListMembersQuery,
  MailingListUpdate,
} from '../../../shared/crm.ts'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import { normalizeEmail } from '../../contacts/normalize.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { pageOf, readCursor } from '../../http/paginate.ts'
import { joinByEmail } from './subscribe.ts'

const MOST = 200
const FIELDS = ['name', 'on_sign_up', 'languages', 'property', 'value'] as const

export async function listLists(sql: Sql, workspace_id: number): Promise<MailingList[]> {
  return readLists(sql, workspace_id)
}

/** Throws `not_found`. */
export async function findList(sql: Sql, workspace_id: number, id: number): Promise<MailingList> {
  const [list] = await readLists(sql, workspace_id, id)
  if (!list) throw refuse('not_found')
  return list
}

/** Who signs up from now on joins, not who did before. Throws `invalid_fields`, `already_exists`. */
export async function createList(sql: postgres.TransactionSql, workspace_id: number, given: MailingListCreate, actor: Actor) {
  await lockLists(sql, workspace_id)
  const others = await readLists(sql, workspace_id)
  if (others.length >= MOST) throw refuse('invalid_fields', { fields: { name: `is one too many: at most ${MOST} lists` } })
  const list = { on_sign_up: true, languages: null, property: null, value: null, ...given }
  requireRule(others, list)
  const [made] = await sql<{ id: number }[]>`
    insert into mailing_lists (workspace_id, name, on_sign_up, languages, property, value)
    values (${workspace_id}, ${list.name}, ${list.on_sign_up}, ${spelt(list.languages)}, ${list.property}, ${list.value})
    returning id`
  await recordActivities(sql, workspace_id, [{ action: 'mailing_list.created', actor, subject_id: made!.id, after: list }])
  return findList(sql, workspace_id, made!.id)
}

/** Throws `not_found`, `conflict`, `already_exists`. */
export async function editList(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  { if_updated_at, ...given }: MailingListUpdate,
  actor: Actor,
) {
  await lockLists(sql, workspace_id)
  const lists = await readLists(sql, workspace_id)
  const was = lists.find(list => list.id === id)
  if (!was) throw refuse('not_found')
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(was.updated_at).getTime()) throw refuse('conflict')
  const is = { ...was, ...given, languages: spelt(given.languages === undefined ? was.languages : given.languages) }
  const changed = FIELDS.filter(field => !isDeepStrictEqual(was[field], is[field]))
  if (changed.length === 0) return was
  requireRule(
    lists.filter(list => list.id !== id),
    is,
  )
  await sql`
    update mailing_lists
       set name = ${is.name}, on_sign_up = ${is.on_sign_up}, languages = ${is.languages}, property = ${is.property}, value = ${is.value},
           updated_at = greatest(date_trunc('milliseconds', clock_timestamp()), date_trunc('milliseconds', updated_at) + interval '1 ms')
     where workspace_id = ${workspace_id} and id = ${id}`
  const of = (list: object) => Object.fromEntries(changed.map(field => [field, (list as MailingList)[field]]))
  const change = { before: of(was), after: of(is) }
  await recordActivities(sql, workspace_id, [{ action: 'mailing_list.updated', actor, subject_id: id, ...change }])
  return findList(sql, workspace_id, id)
}

/** With who is on it; the CRMs keep their list. Throws `not_found`. */
export async function removeList(sql: postgres.TransactionSql, workspace_id: number, id: number, actor: Actor): Promise<void> {
  const { name, members } = await findList(sql, workspace_id, id)
  await sql`delete from mailing_lists where workspace_id = ${workspace_id} and id = ${id}`
  const before = { name, members }
  await recordActivities(sql, workspace_id, [{ action: 'mailing_list.deleted', actor, subject_id: id, before }])
}

/** Who is on it, by e-mail: what a list manager fetches. Throws `not_found`. */
export async function listMembers(
  sql: Sql,
  workspace_id: number,
  id: number,
  { limit = 50, cursor, left = false }: MailingListMembersQuery,
) {
  await requireList(sql, workspace_id, id)
  const after = readCursor(cursor, 'text')
  const rows = await readMembers(
    sql,
    sql`j.workspace_id = ${workspace_id} and j.list_id = ${id} and ${left ? sql`j.left_at is not null` : sql`j.left_at is null`}
        ${after ? sql`and j.email > ${after[0]} collate "C"` : sql``}`,
    limit + 1,
  )
  return pageOf(rows, limit, last => [last.email])
}

/** An e-mail is enough. Who is on it already stays as they are. Throws `not_found`, `invalid_fields`. */
export async function joinList(
  sql: postgres.TransactionSql,
  workspace_id: number,
  id: number,
  {
    email: given,
    first_name = null,
    last_name = null,
  }: Omit<MailingListJoin, 'first_name' | 'last_name'> & {
    first_name?: string | null
    last_name?: string | null
  },
  actor: Actor,
): Promise<MailingListMember> {
  await requireList(sql, workspace_id, id)
  const email = normalizeEmail(given)
  if (email === undefined) throw refuse('invalid_fields', { fields: { email: 'is not an e-mail address' } })
  const source = actor.kind === 'user' ? 'person' : 'api'
  await joinByEmail(sql, [{ workspace_id, list_id: id, email, first_name, last_name, source }])
  const [member] = await readMembers(sql, sql`j.workspace_id = ${workspace_id} and j.list_id = ${id} and j.email = ${email}`, 1)
  return member!
}

/** Signing up joins nobody again who left; who joins again by e-mail is told of again. The CRMs keep them on theirs. Throws `not_found`. */
export async function leaveList(sql: Sql, workspace_id: number, id: number, given: string): Promise<void> {
  const email = normalizeEmail(given) ?? given
  const { count } = await sql`
    update mailing_list_members
       set left_at = coalesce(left_at, now())
     where workspace_id = ${workspace_id} and list_id = ${id} and email = ${email}`
  if (count === 0) throw refuse('not_found')
  await sql`
    update crm_subscriptions s
       set told_lists = array_remove(told_lists, m.name)
      from mailing_lists m
     where s.workspace_id = ${workspace_id} and s.email = ${email} and m.workspace_id = ${workspace_id} and m.id = ${id}
       and s.connection_id = any(array(select id from crm_connections where workspace_id = ${workspace_id}))`
}

function readMembers(sql: Sql, which: postgres.PendingQuery<postgres.Row[]>, most: number) {
  return sql<MailingListMember[]>`
    select j.email, j.contact_id, c.first_name, c.last_name, j.source, j.joined_at, j.left_at
      from mailing_list_members j
      left join contacts c on c.workspace_id = j.workspace_id and c.id = j.contact_id
     where ${which}
     order by j.email
     limit ${most}`
}

function readLists(sql: Sql, workspace_id: number, id: number | null = null) {
  return sql<MailingList[]>`
    select m.id, m.name, m.on_sign_up, m.languages, m.property, m.value, m.created_at, m.updated_at,
           (select count(*)::int
              from mailing_list_members j
             where j.workspace_id = m.workspace_id and j.list_id = m.id and j.left_at is null) as members
      from mailing_lists m
     where m.workspace_id = ${workspace_id} and m.id = coalesce(${id}::int, m.id)
     order by m.id`
}

/** Without counting who is on it. */
async function requireList(sql: Sql, workspace_id: number, id: number) {
  const { count } = await sql`select from mailing_lists where workspace_id = ${workspace_id} and id = ${id}`
  if (count === 0) throw refuse('not_found')
}

function requireRule(
  others: MailingList[],
  { name, property, value }: { name: string; property: string | null; value: string | null },
) {
  if (others.some(other => other.name.toLowerCase() === name.toLowerCase()))
    throw refuse('already_exists', { fields: { name: 'is the name of another list' } })
  if (value !== null && property === null)
    throw refuse('invalid_fields', { fields: { property: 'is needed: which property has this value?' } })
}

/** 'he' of 'HE': as the language of a page is compared. */
function spelt(languages: string[] | null) {
  return (
    languages?.map(language =>
      language
        .slice(0, 3)
        .replace(/[-_].*/, '')
        .toLowerCase(),
    ) ?? null
  )
}

async function lockLists(sql: Sql, workspace_id: number) {
  await sql`select pg_advisory_xact_lock(${LISTS_LOCK}, ${workspace_id})`
}

const LISTS_LOCK = 7_432
