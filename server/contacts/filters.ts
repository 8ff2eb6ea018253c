import type postgres from 'postgres'
import type { ContactsQuery } from '../../shared/contacts.ts'
import type { Sql } from '../database/connect.ts'
import { searchesNames } from '../database/limits.ts'
import { holdsCustom, valuesWith } from '../fields/ask.ts'
import { type Asked, readQuery } from '../fields/read-query.ts'
import { inSegment, membersOf } from '../rules/built-in.ts'
import { conditionOf, parseRule } from '../rules/rules.ts'
import { normalizeEmail, normalizePhone } from './normalize.ts'
import { isDialled, searchWords } from './search.ts'

type Fragment = postgres.Fragment

/**
 * The conditions of a list, on a contact `c`. `of`: among whom they are looked for, as the index of a sort has it. `plain`: what that index
 * carries. `ids`: whom keys name, a handful. `listed` finds all who have the words of a search or a tag or are in a segment, and `asked`
 * asks the same of one.
 */
export type Filters = {
  of: Fragment
  plain: Fragment[]
  ids: Fragment | undefined
  listed: Fragment | undefined
  asked: Fragment
}

export async function filtersOf(sql: Sql, workspace_id: number, query: ContactsQuery): Promise<Filters> {
  const { email, phone, user_id, stage, is_member, country_code, q } = query
  const plain = [
    ...(stage === undefined ? [] : [sql`and stage = ${stage}`]),
    ...(is_member === undefined ? [] : [is_member ? sql`and is_member` : sql`and not is_member`]),
    ...(country_code === undefined ? [] : [sql`and country_code = ${country_code.toUpperCase()}`]),
  ]
  const keys = [
    ...(email === undefined ? [] : [ofKey(sql, workspace_id, 'email', normalizeEmail(email))]),
    ...(phone === undefined ? [] : [ofKey(sql, workspace_id, 'phone', await readPhone(sql, workspace_id, phone))]),
    ...(user_id === undefined ? [] : [ofUser(sql, workspace_id, user_id)]),
  ]
  const whole = searchesNames() ? undefined : await readWholeKey(sql, workspace_id, q)
  const named = whole ? [...keys, ofKey(sql, workspace_id, ...whole)] : keys
  const conditions = whole ? [] : searchWords(sql, q)
  const words = sql`select contact_id from contact_search where workspace_id = ${workspace_id} ${conditions}`
  const lists = [
    ...(conditions.length === 0 ? [] : [listOf(sql, words)]),
    ...listsOfSegments(sql, workspace_id, query),
    ...(query.tag === undefined ? [] : [await listOfTag(sql, workspace_id, query.tag)]),
    ...(await readQuery(sql, workspace_id, 'contact', query)).map(asked => listOfField(sql, workspace_id, asked)),
    ...(query.owner_id === undefined ? [] : [listOfOwner(sql, workspace_id, query.owner_id)]),
    ...(query.rule === undefined ? [] : [listOfRule(sql, workspace_id, query.rule)]),
  ]
  const [first, ...further] = lists
  return {
    of: query.archived ? sql`merged_into is null and archived_at is not null` : sql`merged_into is null and archived_at is null`,
    plain,
    ids: named.length === 0 ? undefined : sql`select id from contacts where workspace_id = ${workspace_id} ${named}`,
    listed:
      first &&
      (further.length === 0 ? first.all : sql`${first.all} ${further.map(({ all }) => sql`and contact_id in (${all})`)}`),
    asked: first ? sql`${lists.map(({ has }) => sql`and ${has}`)}` : sql``,
  }
}

function listOfOwner(sql: Sql, workspace_id: number, owner_id: number): List {
  return listOf(
    sql,
    sql`select contact_id from (select id as contact_id from contacts where workspace_id = ${workspace_id} and owner_id = ${owner_id}) o where true`,
  )
}

/** All who are on it, which can be asked further with `and`; and whether `c` is. */
type List = { all: Fragment; has: Fragment }

/** `offset 0` keeps the planner from turning the question about one row into a search for all. */
function listOf(sql: Sql, all: Fragment): List {
  return { all, has: sql`exists (${all} and contact_id = c.id offset 0)` }
}

function listsOfSegments(sql: Sql, workspace_id: number, { segment, segment_id }: ContactsQuery): List[] {
  const lists: List[] = []
  if (segment !== undefined) {
    // By its id and no other index.
    const c = sql`
      select watch_percentage, registered_at
        from contacts s
       where s.workspace_id = ${workspace_id} and s.id = c.id and s.archived_at is null
       limit 1`
    lists.push({
      all: sql`select contact_id from (${membersOf(sql, workspace_id, segment)}) s where true`,
      has: sql`exists (select from (${c}) s where ${inSegment(sql, segment, 's')})`,
    })
  }
  if (segment_id !== undefined) {
    const of_segment = sql`workspace_id = ${workspace_id} and segment_id = ${segment_id}`
    lists.push(listOf(sql, sql`select contact_id from segment_members where ${of_segment}`))
  }
  return lists
}

/** A contact has what those have who are part of it. Of a name that no tag has it is nobody. */
async function listOfTag(sql: Sql, workspace_id: number, name: string): Promise<List> {
  const [tag] = await sql<{ id: number }[]>`
    select id from tags where workspace_id = ${workspace_id} and lower(name) = lower(${name})`
  const tag_id = tag?.id ?? 0
  return {
    all: sql`
      select contact_id
        from (select distinct c.whole_id as contact_id
                from contact_tags m
                join contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
               where m.workspace_id = ${workspace_id} and m.tag_id = ${tag_id}) t
       where true`,
    has: sql`
      exists (select
                from (select id from contacts o where o.workspace_id = ${workspace_id} and o.whole_id = c.id offset 0) o
               cross join lateral (
                     select from contact_tags
                      where workspace_id = ${workspace_id} and contact_id = o.id and tag_id = ${tag_id} limit 1) m
              offset 0)`,
  }
}

/** By the index of values where that finds few; nearly everybody is looked for among all. */
function listOfField(sql: Sql, workspace_id: number, { field, question }: Asked): List {
  const holds = holdsCustom(sql, 'c', question)
  const with_value = valuesWith(sql, workspace_id, field, question)
  return {
    all: with_value ?? everybody(sql, workspace_id, holds),
    has: hasItself(sql, workspace_id, holds),
  }
}

/** Any rule that a segment can have. Throws `invalid_fields` with the place of each mistake. */
function listOfRule(sql: Sql, workspace_id: number, text: string): List {
  const holds = conditionOf({ sql, workspace_id }, parseRule(text))
  return { all: everybody(sql, workspace_id, holds), has: hasItself(sql, workspace_id, holds) }
}

/** Each contact is looked at. */
function everybody(sql: Sql, workspace_id: number, holds: Fragment): Fragment {
  return sql`
    select contact_id
      from (select c.id as contact_id from contacts c where c.workspace_id = ${workspace_id} and c.merged_into is null and ${holds}) f
     where true`
}

/** The row is looked up by its id alone, as lists carry little of it. */
function hasItself(sql: Sql, workspace_id: number, holds: Fragment): Fragment {
  return sql`
    exists (select
              from (select * from contacts s where s.workspace_id = ${workspace_id} and s.id = c.id limit 1) c
             where ${holds}
            offset 0)`
}

type WholeKey = [kind: 'email' | 'phone', value: string | undefined]

/**
 * What is searched for is often a whole e-mail or phone, pasted from somewhere: then it is that person and nobody else, and a key finds
 * them at once. Nobody's: it is looked for as a part of others.
 */
async function readWholeKey(sql: Sql, workspace_id: number, q = ''): Promise<WholeKey | undefined> {
  const email = normalizeEmail(q)
  const phone = email === undefined && isDialled(q) ? await readPhone(sql, workspace_id, q) : undefined
  if (email === undefined && phone === undefined) return undefined
  const key: WholeKey = email === undefined ? ['phone', phone] : ['email', email]
  const [known] = await sql`
    select from contacts where workspace_id = ${workspace_id} and merged_into is null ${ofKey(sql, workspace_id, ...key)} limit 1`
  return known && key
}

/**
 * Found by any key that is theirs or was of one who was merged into them, an earlier e-mail too. Role mailboxes have no key,
 * so the e-mail that is shown counts as well.
 */
function ofKey(sql: Sql, workspace_id: number, kind: 'email' | 'phone', value: string | undefined) {
  if (value === undefined) return sql`and false`
  const shown = sql`
               union
              select o.id from contacts o where o.workspace_id = ${workspace_id} and o.email = ${value} and o.merged_into is null`
  return sql`
       and id in (
             with recursive owner as (
               select contact_id
                 from contact_keys
                where workspace_id = ${workspace_id} and scope = '' and kind = ${kind} and value = ${value}
                union
               select o.merged_into
                 from owner
                 join contacts o on o.workspace_id = ${workspace_id} and o.id = owner.contact_id
                where o.merged_into is not null
             )
             select contact_id from owner
             ${kind === 'email' ? shown : sql``})`
}

function ofUser(sql: Sql, workspace_id: number, user_id: string) {
  return sql`
       and id in (
             select v.contact_id from visitors v
              where v.workspace_id = ${workspace_id} and v.distinct_id = ${user_id} and v.kind in ('user', 'email'))`
}

/** In an address `+` is a space, and people forget to write it as %2B. */
async function readPhone(sql: Sql, workspace_id: number, phone: string) {
  const [workspace] = await sql<{ country: string }[]>`select country from workspaces where id = ${workspace_id}`
  return normalizePhone(phone.replace(/^ /, '+'), workspace?.country ?? 'US')
}
