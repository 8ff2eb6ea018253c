import type { TObject } from 'typebox'
import { Appointment, AppointmentsQuery } from '../../../shared/appointments.ts'
import { Contact, ContactsQuery } from '../../../shared/contacts.ts'
import { Conversion, ConversionsQuery } from '../../../shared/conversions.ts'
import { ActivitiesQuery, Activity, Event, EventsQuery } from '../../../shared/events.ts'
import type { Exportable, ExportableList } from '../../../shared/exports.ts'
import { Lead, LeadsQuery } from '../../../shared/leads.ts'
import { Visitor, VisitorsQuery } from '../../../shared/visitors.ts'
import { countAppointments, listAppointments } from '../../appointments/list.ts'
import { contactColumns } from '../../contacts/columns.ts'
import { countContacts, listContacts } from '../../contacts/list.ts'
import { tagNamesOf } from '../../contacts/tag-contact.ts'
import { countConversions, listConversions } from '../../conversions/list.ts'
import type { Sql } from '../../database/connect.ts'
import { countEvents, listEvents } from '../../events/list.ts'
import { leadColumns, leadJoins } from '../../leads/columns.ts'
import { countLeads, listLeads } from '../../leads/list.ts'
import { countVisitors, listVisitors } from '../../visitors/list.ts'
import { countActivities, listActivities } from '../../workspaces/activities.ts'

export type Row = { id: number }
type Listed = { data: Row[]; next_cursor: string | null }
type Place = { limit: number; cursor?: string }

export type Source = {
  /** What its list may be asked, as in the address. */
  query: TObject
  /** Of a CSV; `contact.email` is a value within a value. Of a report they depend on what is asked. */
  columns(query: object): readonly string[]
  /** A page of it, as everybody sees it. */
  list(sql: Sql, workspace_id: number, query: object): Promise<Listed>
  /** How many that will be; of a report nobody knows before it is read. */
  count?(sql: Sql, workspace_id: number, query: object): Promise<number>
  /** Those that somebody chose by hand. */
  pick?: (sql: Sql, workspace_id: number, ids: number[]) => Promise<Row[]>
  /** What a list leaves out for speed. */
  complete?: (sql: Sql, workspace_id: number, rows: Row[]) => Promise<Row[]>
}

/** These and the reports, which are given from above: what they say is not known here. */
export type Sources = Record<Exportable, Source>
export type Reports = Omit<Sources, ExportableList>

/** What can be had as a file: the lists that people see, with their filters, and nothing that these do not show. */
export const LISTS: Record<ExportableList, Source> = {
  contacts: {
    query: ContactsQuery,
    columns: () => [...Object.keys(Contact.properties), 'tags'],
    list: listContacts,
    count: countContacts,
    pick: pickContacts,
    complete: addTags,
  },
  leads: {
    query: LeadsQuery,
    columns: () =>
      Object.keys(Lead.properties).flatMap(name =>
        name === 'contact' ? ['contact.name', 'contact.email', 'contact.phone'] : [name],
      ),
    list: listLeads,
    count: countLeads,
    pick: pickLeads,
  },
  appointments: {
    query: AppointmentsQuery,
    columns: () => Object.keys(Appointment.properties),
    list: listAppointments,
    count: countAppointments,
  },
  conversions: {
    query: ConversionsQuery,
    columns: () => Object.keys(Conversion.properties),
    list: listConversions,
    count: countConversions,
  },
  visitors: { query: VisitorsQuery, columns: () => Object.keys(Visitor.properties), list: listVisitors, count: countVisitors },
  events: { query: EventsQuery, columns: () => Object.keys(Event.properties), list: listEvents, count: countEvents },
  activities: {
    query: ActivitiesQuery,
    columns: () => Object.keys(Activity.properties),
    list: listActivities,
    count: countActivities,
  },
}

/** All that is asked for, so many at a time; within one snapshot, when `sql` is of one. */
export async function* rowsOf(
  sql: Sql,
  workspace_id: number,
  { list, pick, complete }: Pick<Source, 'list' | 'pick' | 'complete'>,
  { query, ids }: { query: object; ids?: number[] | undefined },
  at_once: number,
): AsyncGenerator<Row[]> {
  const whole = (rows: Row[]) => (complete ? complete(sql, workspace_id, rows) : rows)
  if (ids && pick) {
    for (let from = 0; from < ids.length; from += at_once)
      yield await whole(await pick(sql, workspace_id, ids.slice(from, from + at_once)))
    return
  }
  let place: Place | null = { limit: at_once }
  while (place) {
    const { data, next_cursor }: Listed = await list(sql, workspace_id, { ...query, ...place })
    if (data.length > 0) yield await whole(data)
    place = next_cursor === null ? null : { limit: at_once, cursor: next_cursor }
  }
}

function pickContacts(sql: Sql, workspace_id: number, ids: number[]) {
  return sql<Row[]>`
    select ${contactColumns(sql)}
      from contacts c
     where c.workspace_id = ${workspace_id} and c.id = any(${ids}::int[]) and c.merged_into is null
     order by array_position(${ids}::int[], c.id)`
}

function pickLeads(sql: Sql, workspace_id: number, ids: number[]) {
  return sql<Row[]>`
    select ${leadColumns(sql)}
      from leads l
      ${leadJoins(sql)}
     where l.workspace_id = ${workspace_id} and l.id = any(${ids}::bigint[])
     order by array_position(${ids}::bigint[], l.id)`
}

async function addTags(sql: Sql, workspace_id: number, rows: Row[]) {
  const tags = await tagNamesOf(
    sql,
    workspace_id,
    rows.map(({ id }) => id),
  )
  return rows.map(row => ({ ...row, tags: tags.get(row.id) ?? [] }))
}
