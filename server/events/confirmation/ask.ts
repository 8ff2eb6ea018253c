import type postgres from 'postgres'
import { batchRows, inBatch } from '../../activities/batches.ts'
import type { EventBatch, Reader } from '../../activities/told.ts'
import type { Config } from '../../config.ts'
import { normalizeEmail } from '../../contacts/normalize.ts'
import { sendMail } from '../../mail/mail.ts'
import { secretFor } from '../../secrets.ts'
import { readTraits } from '../traits.ts'
import { confirmationLink } from './token.ts'

const DAY = 86_400_000
const VALID_DAYS = 30

/** The purpose of the secret that links are signed with. */
export const PURPOSE = 'e-mail confirmations'

type Asked = { workspace_id: number; funnel_id: string; name: string; email: string; contact_id: number }
type Registration = Omit<Asked, 'email'> & { properties: Record<string, unknown>; context: { traits?: object } }

/**
 * Writes to whoever registered in a funnel that wants addresses confirmed, with a signed link. A reader (server/work.ts), so taking in
 * events neither waits for mail nor fails with it. One statement where no funnel wants it.
 */
export function askToConfirm(config: Config): Reader {
  const secret = secretFor(config, PURPOSE)
  return async (sql, { batches }) => {
    const asked = await noteWhoIsAsked(sql, registeredOf(await readRegistrations(sql, batches)))
    for (const workspace_id of new Set(asked.map(one => one.workspace_id))) {
      const theirs = asked.filter(one => one.workspace_id === workspace_id)
      const letters = theirs.map(one => letterTo(one, secret, config.public_url))
      await sendMail(sql, workspace_id, letters)
    }
  }
}

/** Of the last day: what is imported of years ago asks nobody. */
async function readRegistrations(sql: postgres.TransactionSql, batches: EventBatch[]): Promise<Registration[]> {
  if (batches.length === 0) return []
  const workspace_ids = [...new Set(batches.map(({ workspace_id }) => workspace_id))]
  const wanting = await sql<{ workspace_id: number }[]>`
    select distinct workspace_id from funnels where workspace_id = any(${workspace_ids}) and confirm_email`
  const wanted = batches.filter(batch => wanting.some(({ workspace_id }) => workspace_id === batch.workspace_id))
  if (wanted.length === 0) return []
  return sql<Registration[]>`
    select e.workspace_id, f.funnel_id, f.name, v.contact_id, e.properties, e.context
      from ${batchRows(sql, wanted)}
     cross join lateral (
           select *
             from events
            where ${inBatch(sql)}
           offset 0) e
      join funnels f on f.workspace_id = e.workspace_id and f.funnel_id = e.properties->>'funnel_id' and f.confirm_email
      join visitors v on v.workspace_id = e.workspace_id and v.id = e.visitor_id
     where e.event = 'registration' and e.occurred_at > now() - interval '1 day' and v.contact_id is not null
     order by e.id`
}

/** Each address and funnel once: a statement that inserts may meet a row only once. */
function registeredOf(registrations: Registration[]): Asked[] {
  const asked = new Map<string, Asked>()
  for (const { properties, context, ...one } of registrations) {
    const given = readTraits({ ...context.traits, ...properties }, false)?.email
    const email = typeof given === 'string' ? normalizeEmail(given) : undefined
    if (email !== undefined) asked.set(`${one.workspace_id} ${one.funnel_id} ${email}`, { ...one, email })
  }
  return [...asked.values()]
}

/**
 * Those who are written to now: not who confirmed, nor who was written to in the last ten minutes. Five mails at most, because anybody
 * can type anybody's address into a form.
 */
async function noteWhoIsAsked(sql: postgres.TransactionSql, asked: Asked[]): Promise<Asked[]> {
  if (asked.length === 0) return []
  const rows = await sql<{ workspace_id: number; funnel_id: string; email: string }[]>`
    insert into email_confirmations as c (workspace_id, funnel_id, email, contact_id)
    select workspace_id, funnel_id, email, contact_id
      from jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb)
        as a(workspace_id int, funnel_id text, email text, contact_id int)
    on conflict (workspace_id, funnel_id, email) do update
       set asked_at = now(), mails = c.mails + 1, contact_id = excluded.contact_id
     where c.confirmed_at is null and c.asked_at < now() - interval '10 minutes' and c.mails < 5
    returning workspace_id, funnel_id, email`
  const noted = new Set(rows.map(row => `${row.workspace_id} ${row.funnel_id} ${row.email}`))
  return asked.filter(one => noted.has(`${one.workspace_id} ${one.funnel_id} ${one.email}`))
}

/** Nothing of what was typed into the form stands in it: it may be somebody else's address. */
function letterTo({ workspace_id, funnel_id, name, email, contact_id }: Asked, secret: Buffer, public_url: string) {
  const expires_at = Date.now() + VALID_DAYS * DAY
  const link = confirmationLink(secret, public_url, { workspace_id, funnel_id, email, expires_at })
  return {
    to: email,
    subject: `Please confirm your registration: ${name}`,
    body: [
      'Hello,',
      '',
      `somebody registered for ${name} with this e-mail address. If it was you, please confirm it:`,
      '',
      link,
      '',
      `The link works for ${VALID_DAYS} days. If it was not you, you need not do anything.`,
      '',
    ].join('\n'),
    about: `contact ${contact_id}`,
  }
}
