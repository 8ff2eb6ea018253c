import type { Sql } from '../database/connect.ts'
import { enqueueAll } from '../queue/enqueue.ts'

/**
 * Plain text to one person. `about` names what it is about, as `endpoint 12`: whoever lists mails may lead there. `calendar`: an .ics
 * file that goes with it; its METHOD says whether it invites or calls off. `sealed_link`: of link.ts, put into the body when it is sent.
 */
export type NewMail = { to: string; subject: string; body: string; about?: string; calendar?: string; sealed_link?: string }

export const QUEUE = 'mail'

/**
 * Writes mails in the transaction of the caller: they go out when that commits, and were never written when it does not. Two
 * statements, whatever their number. An address that is none is not refused here: what the caller does is not to fail with it.
 */
export async function sendMail(sql: Sql, workspace_id: number, mails: NewMail[]): Promise<void> {
  if (mails.length === 0) return
  const rows = await sql<{ id: number }[]>`
    insert into mails (workspace_id, to_address, subject, body, about, calendar, sealed_link)
    select ${workspace_id}, to_address, subject, body, about, calendar, sealed_link
      from unnest(
        ${mails.map(mail => storable(mail.to))}::text[],
        ${mails.map(mail => storable(mail.subject))}::text[],
        ${mails.map(mail => storable(mail.body))}::text[],
        ${mails.map(mail => mail.about ?? null)}::text[],
        ${mails.map(mail => (mail.calendar === undefined ? null : storable(mail.calendar)))}::text[],
        ${mails.map(mail => mail.sealed_link ?? null)}::text[]
      ) with ordinality as mail (to_address, subject, body, about, calendar, sealed_link, position)
     order by position
    returning id`
  await enqueueAll(
    sql,
    rows.map(({ id }) => ({ workspace_id, queue: QUEUE, key: QUEUE, payload: { mail_id: id } })),
  )
}

/** What others sent may stand in a mail, and PostgreSQL has no NUL in its texts. */
function storable(text: string) {
  return text.replaceAll('\0', '')
}
