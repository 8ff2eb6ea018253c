import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'
import { boundedIn } from './bounded.ts'
import type { Place } from './places.ts'
import type { Who } from './who.ts'

// How rows are known to be somebody's: conditions for `of` in places.ts.

type Of = NonNullable<Place['of']>
type Ids = Exclude<keyof Who, 'workspace_id'>

const TYPES: Record<Ids, string> = {
  contacts: 'int[]',
  visitors: 'bigint[]',
  people: 'bigint[]',
  leads: 'bigint[]',
  appointments: 'bigint[]',
  ips: 'inet[]',
  external_ids: 'text[]',
  values: 'text[]',
  known: 'text[]',
}

/** Whose column is one of theirs. */
export function their(column: string, ids: Ids = 'contacts'): Of {
  return (sql, who) => sql`${sql(column)} = any(${who[ids] as string[]}::${sql.unsafe(TYPES[ids])})`
}

export const their_contact = their('contact_id')
export const their_visitor = their('visitor_id', 'visitors')
export const their_lead = their('lead_id', 'leads')
export const their_appointment = their('appointment_id', 'appointments')
export const person = their('person', 'people')

/** One of several. */
export function any(...some: Of[]): Of {
  return (sql, who) => sql`(${some.map((of, k) => (k === 0 ? of(sql, who) : sql`or ${of(sql, who)}`))})`
}

/** Where one of their values stands in a text: an e-mail, a phone, an id. */
export function says(columns: string[]): Of {
  const text = columns.map(column => `coalesce(${column}::text, '')`).join(" || ' ' || ")
  return (sql, who) => saidIn(sql, who.values, sql.unsafe(text))
}

/** Searched for as it is, which is quick, and then looked at. Names that no column has: the text is read where they are known. */
export function saidIn(sql: Sql, values: string[], text: postgres.PendingQuery<postgres.Row[]>) {
  return sql`exists (
    select
      from unnest(${values}::text[]) as sought(sought_value), lower(${text}) as sought_in
     where strpos(sought_in, sought_value) > 0 and sought_in ~ (${boundedIn(sql, sql`sought_value`)}))`
}

/** Where an e-mail of theirs is the value of a column, in any case. */
export function written(column: string): Of {
  return (sql, who) => sql`lower(${sql(column)}) = any(${who.values}::text[])`
}

/** Of webhooks, but for the one that says that they were erased. */
export const messages: Of = (sql, who) =>
  sql`(contact_id = any(${who.contacts}::int[]) and event <> 'contact.erased' or ${says(['payload'])(sql, who)})`

export const of_messages: Of = (sql, who) =>
  sql`message_id in (select id from webhook_messages where workspace_id = ${who.workspace_id} and ${messages(sql, who)})`

export const of_deliveries: Of = (sql, who) =>
  sql`delivery_id in (select id from deliveries where workspace_id = ${who.workspace_id} and ${of_messages(sql, who)})`

export const of_results: Of = any(their_contact, says(['reason', 'person', 'changes']))

/** Rows that became them too, whatever stands in them. */
export const of_imports: Of = (sql, who) =>
  sql`(${says(['cells', 'problem'])(sql, who)}
       or (transfer_id, row) in (select transfer_id, row from import_results where workspace_id = ${who.workspace_id} and ${their_contact(sql, who)}))`

/** The whole file: one that lacks a piece in the middle is none. */
export const of_exports: Of = (sql, who) =>
  sql`transfer_id in (select transfer_id from export_parts where workspace_id = ${who.workspace_id} and ${says(["encode(bytes, 'escape')"])(sql, who)})`

export const of_activities: Of = any(their_contact, their_visitor, says(['before', 'after', 'actor', 'subject_id']))
