import type { Contact, ContactsQuery } from '../../shared/contacts.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { pageOf, preciseTime, readCursor } from '../http/paginate.ts'
import { contactColumns } from './columns.ts'
import { normalizeEmail, normalizePhone } from './normalize.ts'

/** Each sort is the order of an index, read forwards or backwards. What has no value comes last in all of them. */
const SORTS = {
  '-last_visit': ['last_visit', 'time or null', 'last_visit desc nulls last, id desc'],
  last_visit: ['last_visit', 'time or null', 'last_visit asc nulls first, id asc'],
  '-created_at': ['created_at', 'time or null', 'created_at desc, id desc'],
  created_at: ['created_at', 'time or null', 'created_at asc, id asc'],
  name: ['name', 'text or null', 'name asc, id asc'],
  '-name': ['name', 'text or null', 'name desc, id desc'],
  email: ['email', 'text or null', 'email asc, id asc'],
} as const

type Row = Contact & { sort_value: string | null }

/**
 * A page of contacts; merged ones are left out. With `q`, `sql` must be of the system's role: PostgreSQL keeps the trigram
 * index from a role behind row level security (`like` is not leakproof), and a search without it reads everything.
 */
export async function listContacts(
  sql: Sql,
  workspace_id: number,
  { limit = 50, sort = '-last_visit', ...query }: ContactsQuery,
) {
  const [column, kind, order] = SORTS[sort]
  const [of_sort = sort, after, after_id] = readCursor(query.cursor, 'text', kind, 'integer') ?? []
  if (of_sort !== sort) throw refuse('invalid_cursor')
  const filters = await filtersOf(sql, workspace_id, query)
  const beyond = order.includes(' desc') ? sql`<` : sql`>`
  const value = column === 'name' || column === 'email' ? sql(column) : preciseTime(sql, column)

  // Two runs over the index, those with a value and those without, so that each page begins where it should in O(log n).
  const read = (where: ReturnType<typeof sql>, most: number) => sql<Row[]>`
    select ${contactColumns(sql)}, ${value} as sort_value
      from contacts c
     where workspace_id = ${workspace_id} and merged_into is null
       and ${where}
       ${filters}
     order by ${sql.unsafe(order)}
     limit ${most}`
  const type = kind === 'time or null' ? sql`text::timestamptz` : sql`text`
  const valued =
    after === null
      ? []
      : await read(
          after === undefined
            ? sql`${sql(column)} is not null`
            : sql`(${sql(column)}, id) ${beyond} (${after}::${type}, ${after_id!}::int)`,
          limit + 1,
        )
  const missing = limit + 1 - valued.length
  const unvalued =
    missing > 0 && column !== 'created_at'
      ? await read(sql`${sql(column)} is null ${after === null ? sql`and id ${beyond} ${after_id!}` : sql``}`, missing)
      : []
  return pageOf([...valued, ...unvalued], limit, last => [sort, last.sort_value, last.id])
}

async function filtersOf(sql: Sql, workspace_id: number, query: ContactsQuery) {
  const { email, phone, user_id, stage, is_member, country_code, q } = query
  return [
    stage === undefined ? sql`` : sql`and stage = ${stage}`,
    is_member === undefined ? sql`` : is_member ? sql`and user_id is not null` : sql`and user_id is null`,
    country_code === undefined ? sql`` : sql`and country_code = ${country_code.toUpperCase()}`,
    email === undefined ? sql`` : ofKey(sql, workspace_id, 'email', normalizeEmail(email)),
    phone === undefined ? sql`` : ofKey(sql, workspace_id, 'phone', await readPhone(sql, workspace_id, phone)),
    user_id === undefined ? sql`` : ofUser(sql, workspace_id, user_id),
    ...wordsOf(q).map(
      word => sql`
       and exists (
             select from contact_search s
              where s.workspace_id = ${workspace_id} and s.contact_id = c.id and s.words like ${`%${word.replace(/[\\%_]/g, '\\$&')}%`})`,
    ),
  ]
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
                where workspace_id = ${workspace_id} and kind = ${kind} and value = ${value}
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

/** All of the words must be found. A phone is searched for as it is stored, without what people write between its digits. */
function wordsOf(q = ''): string[] {
  const text = q.trim().toLowerCase().normalize('NFC')
  if (/^\+?[\d\s().-]{5,}$/.test(text)) return [text.replace(/[^\d+]/g, '')]
  return text.split(/\s+/).filter(Boolean).slice(0, 8)
}
