import type postgres from 'postgres'
import { redactActivities } from '../activities/redact.ts'
import type { Sql } from '../database/connect.ts'
import type { Who } from './who.ts'
import {
  any,
  messages,
  of_activities,
  of_deliveries,
  of_exports,
  of_imports,
  of_messages,
  of_results,
  person,
  says,
  their,
  their_appointment,
  their_contact,
  their_lead,
  their_visitor,
  written,
} from './whose.ts'

/**
 * A table that holds something of people: what, why, for how long, and what erasure makes of it. Preview, erasure, archive and the page
 * "What is kept" are all made of this list; a test compares it with the catalog of the database.
 */
export type Place = {
  table: string
  /** Where it stands, in words that the columns have. */
  columns: string
  why: string
  kept: string
  /** Which rows are of a person. None: it is about the people who work here, or about a day, and is only listed. */
  of?: (sql: Sql, who: Who) => postgres.PendingQuery<postgres.Row[]>
  /**
   * `with contact`: gone with the contact, by a verb of its own or by the foreign key. `delete`: the rows. `set`: the assignments that leave
   * of each row what is nobody's. `by`: a verb, which says how many rows there were. `stays`: nothing in it is theirs once the rest is gone.
   */
  erase:
    | 'with contact'
    | 'delete'
    | 'stays'
    | { set: string }
    | { by: (sql: postgres.TransactionSql, who: Who) => Promise<number> }
  /** What erasure does, for people to read. */
  does: string
}

const AS_LONG = 'as long as the contact'
const TO_KNOW = 'to know who somebody is'

/** Of what an event says, what a funnel is counted by: names no one. */
const OF_FUNNEL = ['funnel_id', 'page_id', 'video_id', 'watch_percentage', 'seconds_watched']
const FUNNEL_ONLY = (column: string) =>
  `(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(${column}) where key in (${OF_FUNNEL.map(key => `'${key}'`).join()}))`

// biome-ignore format: a table is read by its columns
export const PLACES: readonly Place[] = [
  { table: 'contacts', columns: 'e-mail, phone, user id, name, address, properties', why: 'the person themselves', kept: 'until erased, or as a rule says', of: their('id'), erase: 'with contact', does: 'Deleted, with all that were merged into it.' },
  { table: 'contact_keys', columns: 'e-mail, phone, user id', why: TO_KNOW, kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Deleted.' },
  { table: 'contact_search', columns: 'name, e-mail, phone', why: 'to find them', kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Deleted.' },
  { table: 'contact_merges', columns: 'what both were before', why: 'to undo a merge', kept: AS_LONG, of: any(their('winner_id'), their('loser_id')), erase: 'with contact', does: 'Deleted.' },
  { table: 'merge_suggestions', columns: 'who may be the same', why: 'for people to decide', kept: AS_LONG, of: any(their_contact, their('other_contact_id')), erase: 'with contact', does: 'Deleted.' },
  { table: 'contact_tags', columns: 'tags', why: 'how you sort people', kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Deleted.' },
  { table: 'consents', columns: 'what they allowed, when, asked with which text', why: 'to prove it', kept: AS_LONG, of: any(their_contact, their_visitor), erase: 'delete', does: 'Deleted.' },
  { table: 'visitors', columns: 'distinct id, traits, city, where they came from', why: 'what a device or a person did', kept: 'until erased', of: their('id', 'visitors'), erase: 'with contact', does: 'Gets a random id and shows no traits, city or source. Its events stay countable.' },
  { table: 'identity_links', columns: 'who was joined by which message', why: TO_KNOW, kept: 'until erased', of: any(their_contact, their_visitor, their('other_visitor_id', 'visitors')), erase: { set: "message_id = null, actor = jsonb_build_object('kind', actor->>'kind')" }, does: 'Those to the contact are deleted; those between devices lose the id of their message.' },
  { table: 'events', columns: 'properties, context, message id', why: 'what somebody did', kept: 'for the months that a rule says, or until erased', of: any(their_visitor, says(['properties', 'context', 'message_id'])), erase: { set: `properties = ${FUNNEL_ONLY('properties')}, context = '{}', message_id = 'erased-' || id` }, does: 'Keeps time, name and funnel, so that counts stay true; everything else goes.' },
  { table: 'sessions', columns: 'IP address, browser, pages, city, source', why: 'visits, and who sent them', kept: 'as long as the events in them; one that led to a conversion, without address, pages and city, until erased', of: any(their_visitor, says(['entry_url', 'exit_url', 'touch'])), erase: { set: "ip = null, user_agent = null, entry_url = null, exit_url = null, region = null, city = null, touch = touch - 'landing_page' - 'click_ids'" }, does: 'Keeps time, country, kind of device and source; everything else goes.' },
  { table: 'visitor_funnels', columns: 'steps of a visitor', why: 'how far people come', kept: 'until erased', of: their_visitor, erase: 'stays', does: 'Stays: the visitor has no name any more.' },
  { table: 'visitor_videos', columns: 'what a visitor watched', why: 'how much is watched', kept: 'until erased', of: their_visitor, erase: 'stays', does: 'Stays: the visitor has no name any more.' },
  { table: 'person_funnels', columns: 'steps of a person', why: 'how far people come', kept: 'until erased', of: person, erase: 'stays', does: 'Told of the visitor without a name instead.' },
  { table: 'person_sources', columns: 'who sent a person', why: 'what advertising brings', kept: 'until erased', of: person, erase: 'stays', does: 'Told of the visitor without a name instead.' },
  { table: 'conversion_touches', columns: 'which visits led to a conversion', why: 'what advertising brings', kept: 'until erased', of: person, erase: 'stays', does: 'Told of the visitor without a name instead.' },
  { table: 'moved_people', columns: 'whose sums are to be made again', why: 'reports', kept: 'seconds', of: person, erase: 'stays', does: 'Numbers only.' },
  { table: 'conversions', columns: 'who bought, data', why: 'revenue; law asks for books', kept: 'until voided by you', of: any(their_contact, their_visitor), erase: { set: `data = ${FUNNEL_ONLY('data')}, converted_by = jsonb_build_object('kind', converted_by->>'kind')` }, does: 'Amount, day and order number stay; the person and everything said with it go.' },
  { table: 'leads', columns: 'e-mail, phone, name, address, consent, raw payload', why: 'what somebody asked for', kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Deleted; counts of leads go down by it.' },
  { table: 'lead_forwards', columns: 'which partner got the lead', why: 'whom to tell', kept: AS_LONG, of: their_lead, erase: 'with contact', does: 'Deleted.' },
  { table: 'tasks', columns: 'title, text, outcome', why: 'work with the person', kept: AS_LONG, of: any(their_contact, their_lead), erase: 'with contact', does: 'Deleted.' },
  { table: 'appointments', columns: 'address, notes, fields', why: 'meetings', kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Deleted, also those to come; counts go down by it. A linked copy in another workspace is that one’s.' },
  { table: 'appointment_reminders', columns: 'who is reminded when', why: 'reminders', kept: AS_LONG, of: their_appointment, erase: 'with contact', does: 'Deleted.' },
  { table: 'routing_decisions', columns: 'what a rule saw', why: 'why somebody got an appointment', kept: AS_LONG, of: their_appointment, erase: 'with contact', does: 'Deleted.' },
  { table: 'email_confirmations', columns: 'e-mail', why: 'whether an address is theirs', kept: AS_LONG, of: any(their_contact, written('email')), erase: 'delete', does: 'Deleted.' },
  { table: 'segment_members', columns: 'segments', why: 'whom you address', kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Deleted, and counted off.' },
  { table: 'segment_changes', columns: 'whom to look at again', why: 'segments', kept: 'seconds', of: their_contact, erase: 'delete', does: 'Deleted.' },
  { table: 'activities', columns: 'before, after, who', why: 'who changed what', kept: 'until erased', of: of_activities, erase: { by: (sql, who) => redactActivities(sql, who.workspace_id, who.contacts, of_activities(sql, who)) }, does: 'Time and kind of change stay; what was changed goes.' },
  { table: 'intake_deliveries', columns: 'body, headers, IP address', why: 'to make a lead again', kept: '90 days', of: any(their_contact, their_lead, their_appointment, says(["encode(body, 'escape')", 'headers', 'query', 'fields', 'results', 'fetched', 'answered'])), erase: 'delete', does: 'Deleted.' },
  { table: 'delivery_attempts', columns: 'answer of the receiver', why: 'the log of webhooks', kept: 'the days of the log of webhooks', of: any(of_deliveries, says(['response_body', 'error', 'request_headers', 'response_headers'])), erase: 'delete', does: 'Deleted with their message.' },
  { table: 'deliveries', columns: 'state and error', why: 'the log of webhooks', kept: 'the days of the log of webhooks', of: of_messages, erase: 'delete', does: 'Deleted with their message; what waits is not sent.' },
  { table: 'webhook_messages', columns: 'payload', why: 'what receivers are told', kept: 'the days of the log of webhooks', of: messages, erase: 'delete', does: 'Deleted, sent or not.' },
  { table: 'mails', columns: 'to, subject, text', why: 'mail that was sent', kept: '90 days', of: says(['to_address', 'subject', 'body', 'about', 'error', 'calendar']), erase: 'delete', does: 'Deleted.' },
  { table: 'event_refusals', columns: 'what was sent', why: 'to find mistakes of a site', kept: '7 days', of: says(['body', 'message']), erase: 'delete', does: 'Deleted.' },
  { table: 'jobs', columns: 'payload, error', why: 'work that waits', kept: '7 days after it ended', of: says(['payload', 'progress', 'error', 'key']), erase: { set: "payload = case when finished_at is null then payload else '{}' end, progress = null, error = null" }, does: 'What ended is emptied; what waits does its work first.' },
  { table: 'crm_links', columns: 'their id at a CRM, what they said and were told', why: 'to tell CRMs', kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Each CRM is told first; then deleted.' },
  { table: 'crm_marks', columns: 'mark, note', why: 'what CRMs are told', kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Deleted.' },
  { table: 'crm_sustainers', columns: 'since when they sustain', why: 'who sustains', kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Deleted.' },
  { table: 'crm_run_members', columns: 'their ids at CRMs', why: 'to move from one CRM to another', kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Deleted.' },
  { table: 'crm_sustainer_reads', columns: 'their id at a CRM', why: 'who sustains', kept: 'while a read runs', of: their('external_id', 'external_ids'), erase: 'delete', does: 'Deleted.' },
  { table: 'crm_subscriptions', columns: 'e-mail, name', why: 'mailing lists of CRMs', kept: 'until erased', of: written('email'), erase: 'delete', does: 'Deleted.' },
  { table: 'mailing_list_members', columns: 'e-mail', why: 'mailing lists', kept: 'until erased', of: any(their_contact, written('email')), erase: 'delete', does: 'Deleted.' },
  { table: 'crm_log', columns: 'what a CRM answered', why: 'to find mistakes', kept: '400 days', of: any(their_contact, says(['message', 'request_id'])), erase: { set: "message = 'erased', contact_id = null, request_id = null" }, does: 'Code and time stay; who and what go.' },
  { table: 'notes', columns: 'text', why: 'what your people know', kept: AS_LONG, of: any(their_contact, their_lead), erase: 'with contact', does: 'Deleted.' },
  { table: 'contact_values', columns: 'fields of your own', why: 'to filter and sort', kept: AS_LONG, of: their_contact, erase: 'with contact', does: 'Deleted.' },
  { table: 'lead_values', columns: 'fields of your own', why: 'to filter and sort', kept: AS_LONG, of: their_lead, erase: 'with contact', does: 'Deleted.' },
  { table: 'import_rows', columns: 'the row of the file', why: 'to revert an import', kept: 'as long as the import', of: of_imports, erase: { set: "cells = '[]', problem = 'erased'" }, does: 'Emptied; the number of the row stays.' },
  { table: 'import_results', columns: 'what changed', why: 'to revert an import', kept: 'as long as the import', of: of_results, erase: { set: 'contact_id = null, lead_id = null, reason = null, person = null, changes = null' }, does: 'Only the outcome stays.' },
  { table: 'bulk_rows', columns: 'what was before', why: 'to undo', kept: 'as long as the action', of: says(['before', 'reason']), erase: { set: 'before = null, reason = null' }, does: 'Only the outcome stays.' },
  { table: 'export_parts', columns: 'the file', why: 'to be downloaded', kept: '7 days', of: of_exports, erase: 'delete', does: 'A file with their e-mail, phone or id in it is deleted.' },
  { table: 'keys', columns: 'last address that used it', why: 'who uses a key', kept: 'until it is used again', of: their('last_ip', 'ips'), erase: { set: 'last_ip = null' }, does: 'Emptied where it was theirs.' },
  { table: 'users', columns: 'e-mail, name', why: 'who works here', kept: 'until removed', erase: 'stays', does: 'About people who work here: removed by an administrator.' },
  { table: 'user_sessions', columns: 'IP address, browser', why: 'who is signed in', kept: 'until it runs out', erase: 'stays', does: 'About people who work here.' },
  { table: 'invitations', columns: 'e-mail', why: 'who is to work here', kept: 'until removed', erase: 'stays', does: 'About people who are to work here.' },
  { table: 'providers', columns: 'name, e-mail, phone of a provider', why: 'whom to ask about leads', kept: 'until deleted', erase: 'stays', does: 'About those who send leads: changed there.' },
  { table: 'idempotency_keys', columns: 'answers to requests', why: 'the same request counts once', kept: '24 hours', erase: 'stays', does: 'Sealed with a key that only the client has, and gone after a day.' },
]
