import type postgres from 'postgres'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import type { Announcement } from './announce.ts'
import type { Ready } from './ready.ts'
import { type AttemptMade, notSent } from './send.ts'
import type { Target } from './target.ts'

/** Without those who are not to hear of a contact, because it denied their purpose. Reads nothing where no endpoint has one. */
export async function leaveOutDenied(sql: postgres.TransactionSql, announcements: Announcement[]): Promise<Announcement[]> {
  const asked = new Map<string, Asked>()
  for (const { message, listeners } of announcements) {
    const contact_id = message.body.contact?.id
    if (contact_id === undefined) continue
    for (const { workspace_id, purpose } of listeners)
      if (purpose !== null) asked.set(keyOf({ workspace_id, contact_id, purpose }), { workspace_id, contact_id, purpose })
  }
  if (asked.size === 0) return announcements
  const rows = await sql<Asked[]>`
    select workspace_id, contact_id, purpose
      from jsonb_to_recordset(${JSON.stringify([...asked.values()])}::text::jsonb) as a(workspace_id int, contact_id int, purpose text)
     where denies(workspace_id, contact_id, purpose)`
  const denied = new Set(rows.map(keyOf))
  return announcements.map(({ message, listeners }) => {
    const { workspace_id, body } = message
    const hears = (purpose: string | null) =>
      purpose === null || !body.contact || !denied.has(keyOf({ workspace_id, contact_id: body.contact.id, purpose }))
    return { message, listeners: listeners.filter(({ purpose }) => hears(purpose)) }
  })
}

/**
 * Asked right before something is sent, which may be long after it was queued: null, or an attempt at which nothing was sent, because the contact
 * has denied the purpose since. Never throws.
 */
export async function withhold(
  sql: Sql,
  { workspace_id, target: { purpose } }: { workspace_id: number; target: Pick<Target, 'purpose'> },
  { contact_id }: Pick<Ready, 'contact_id'>,
): Promise<AttemptMade | null> {
  if (purpose === null || contact_id === null) return null
  try {
    const [denied] = await sql`
      select from contacts
       where workspace_id = ${workspace_id} and id = ${contact_id} and denies(workspace_id, whole_id, ${purpose})`
    return denied ? { ...notSent(`Nothing was sent: the contact denied ${purpose}.`), verdict: 'withheld' } : null
  } catch {
    return notSent(`Nothing was sent: it could not be read whether the contact denied ${purpose}.`)
  }
}

/** Throws `invalid_fields` when the workspace has no purpose of this name. */
export async function requirePurpose(sql: Sql, workspace_id: number, purpose: string | null | undefined): Promise<void> {
  if (purpose === undefined || purpose === null) return
  const [known] = await sql`select from consent_purposes where workspace_id = ${workspace_id} and name = ${purpose}`
  if (!known) throw refuse('invalid_fields', { fields: { purpose: 'is no purpose of the workspace. See GET /consent-purposes' } })
}

type Asked = { workspace_id: number; contact_id: number; purpose: string }

function keyOf({ workspace_id, contact_id, purpose }: Asked) {
  return `${workspace_id} ${contact_id} ${purpose}`
}
