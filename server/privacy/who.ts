import type { Sql } from '../database/connect.ts'

/** Everything by which rows are known to be of one person. Read once, and kept while they are erased. */
export type Who = {
  workspace_id: number
  contacts: number[]
  visitors: number[]
  /** As journeys name them: minus the contact, or the first visitor. */
  people: number[]
  leads: number[]
  appointments: number[]
  /** Addresses that they came from, which may be others' too. */
  ips: string[]
  /** Their ids at CRMs. */
  external_ids: string[]
  /** Their e-mails, phones and ids in lower case, as they may stand in texts: also as in an address. */
  values: string[]
  /** The same with ids that mean something else in texts of others: by these they are known when they come again. */
  known: string[]
}

/** Whether it is such an id, and no e-mail or phone. */
export function isRare(value: string): boolean {
  return RARE.test(value)
}

/** The part of `Who` that a person is looked for by. */
export type Asked = { contact_ids: number[]; email: string | null; phone: string | null }

/** Shorter ones stand in too many texts of other people. */
const SHORTEST = 6
/**
 * Ids that stand for nobody else: long, of letters and digits, or a long number. Anybody may call themselves by a word, an amount or the address
 * of a site, and who erased it in the texts of others would erase that.
 */
const RARE = /^(\d{12,}|(?=.*\d)(?=.*\p{L})[\p{L}\d_-]{16,})$/u

/** Reads who somebody is in a workspace: their contacts with all that were merged into them, and everything that names them. */
export async function readWho(sql: Sql, workspace_id: number, { contact_ids, email, phone }: Asked): Promise<Who> {
  // Who has the e-mail now: an import or an event may have made them since somebody asked.
  const contacts = await idsOf(sql<{ id: number }[]>`
    select id
      from contacts
     where workspace_id = ${workspace_id}
       and whole_id in (select unnest(${contact_ids}::int[])
                         union
                        select whole_id from contacts where workspace_id = ${workspace_id} and email = ${email}
                         union
                        select c.whole_id
                          from contact_keys k
                          join contacts c on c.workspace_id = k.workspace_id and c.id = k.contact_id
                         where k.workspace_id = ${workspace_id} and k.kind = 'email' and k.value = ${email})
     order by id`)
  const own = await sql<{ id: number; distinct_id: string }[]>`
    select id, distinct_id
      from visitors
     where workspace_id = ${workspace_id} and (contact_id = any(${contacts}::int[]) or distinct_id = ${email})
     order by id`
  const visitors = own.map(({ id }) => id)
  const leads = await idsOf(
    sql`select id from leads where workspace_id = ${workspace_id} and contact_id = any(${contacts}::int[]) order by id`,
  )
  const appointments = await idsOf(
    sql`select id from appointments where workspace_id = ${workspace_id} and contact_id = any(${contacts}::int[]) order by id`,
  )
  const crm = await sql<{ external_id: string }[]>`
    select distinct external_id
      from crm_links
     where workspace_id = ${workspace_id} and contact_id = any(${contacts}::int[]) and external_id is not null`
  const from = await sql<{ ip: string }[]>`
    select distinct host(ip) as ip from sessions where workspace_id = ${workspace_id} and visitor_id = any(${visitors}::bigint[]) and ip is not null
     union
    select host(ip) from leads where workspace_id = ${workspace_id} and id = any(${leads}::bigint[]) and ip is not null`
  const said = await sql<{ value: string; is_id: boolean }[]>`
    with said (value, is_id) as (
      select value, kind not in ('email', 'phone') from contact_keys where workspace_id = ${workspace_id} and contact_id = any(${contacts}::int[])
       union
      select v, is_id from contacts, unnest(array[email, phone, user_id], array[false, false, true]) as u(v, is_id) where workspace_id = ${workspace_id} and id = any(${contacts}::int[])
       union
      select v, is_id from leads, unnest(array[email, phone, distinct_id], array[false, false, true]) as u(v, is_id) where workspace_id = ${workspace_id} and id = any(${leads}::bigint[])
       union
      select v, false from unnest(${[email, phone]}::text[]) as v
       union
      select v, true from unnest(${own.map(({ distinct_id }) => distinct_id)}::text[]) as v
    )
    select lower(value) as value, bool_and(is_id) as is_id
      from said
     where value is not null
       -- Somebody else who shows the same is not to be searched for.
       and not exists (select
                         from contacts o
                        where o.workspace_id = ${workspace_id} and (lower(o.email) = lower(value) or o.phone = value)
                          and o.id <> all(${contacts}::int[]))
     group by lower(value)`
  return {
    workspace_id,
    contacts,
    visitors,
    people: [...contacts.map(id => -id), ...visitors],
    leads,
    appointments,
    ips: from.map(({ ip }) => ip),
    external_ids: crm.map(({ external_id }) => external_id),
    values: spellings(said.filter(({ value, is_id }) => !is_id || isRare(value)).map(({ value }) => value)),
    known: spellings(said.map(({ value }) => value)),
  }
}

/** A phone also stands without its plus, and an e-mail in an address has no `@`. */
function spellings(values: string[]): string[] {
  const all = values.flatMap(value => [value, encodeURIComponent(value).toLowerCase(), value.replace(/^\+/, '')])
  return [...new Set(all)].filter(value => value.length >= SHORTEST)
}

async function idsOf(query: PromiseLike<readonly { id?: number }[]>): Promise<number[]> {
  return (await query).map(({ id }) => id!)
}
