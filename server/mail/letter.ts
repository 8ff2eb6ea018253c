import type { SendMailOptions } from 'nodemailer'
import type { Sender } from './sender.ts'

/** A row of `mails`, as far as it is sent. */
export type Mail = {
  workspace_id: number
  id: number
  to_address: string
  subject: string
  body: string
  calendar: string | null
  created_at: Date
}

/**
 * The message of a mail: the same each time, so that a receiver who gets it twice can tell by its Message-ID. That has the moment of
 * writing in it, too: the numbers of a database that was made anew begin at one again.
 */
export function letterOf(
  { workspace_id, id, to_address, subject, body, calendar, created_at }: Mail,
  from: Sender,
): SendMailOptions {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  return {
    from,
    to: { name: '', address: to_address },
    // Named, and not read from the headers: whatever stands there, it goes to this one address.
    envelope: { from: from.address, to: to_address },
    subject: inOneLine(subject),
    text: body,
    ...(calendar === null ? {} : { icalEvent: { content: calendar, method: methodOf(calendar), filename: 'appointment.ics' } }),
    messageId: `<mail.${workspace_id}.${id}.${created_at.getTime()}@${domain}>`,
    date: created_at,
    // Nobody reads the answers of machines (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}

/** Mail programs ask the header of the part before they read the part (RFC 6047, 2.4). */
function methodOf(calendar: string) {
  return /^METHOD:([A-Z]+)\r?$/m.exec(calendar)?.[1] ?? 'PUBLISH'
}

/** A line break in a subject would begin another header. */
function inOneLine(text: string) {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}
