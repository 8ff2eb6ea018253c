import type { Link, LinkCreate } from '../../shared/contacts.ts'
import type { Actor } from '../../shared/shape.ts'
import { recordActivities } from '../activities/record.ts'
import type { Sql } from '../database/connect.ts'
import { refuse } from '../errors.ts'
import { mayLeadTo, signLink } from './email-link.ts'
import { findContact } from './find.ts'

const DAY = 86_400_000

/** A signed link for one contact. Nothing is stored of it but the activity: who has the token has all that it takes. */
export async function makeLink(
  sql: Sql,
  workspace_id: number,
  contact_id: number,
  { url: given, expires_in_days = 30 }: LinkCreate,
  { secret, public_url }: { secret: Buffer; public_url: string },
  actor: Actor,
): Promise<Link> {
  await findContact(sql, workspace_id, contact_id)
  const url = await readTarget(sql, workspace_id, given, public_url)
  const expires_at = Date.now() + expires_in_days * DAY
  const link = { url, expires_at: new Date(expires_at).toISOString() }
  await recordActivities(sql, workspace_id, [{ action: 'contact.link_created', actor, contact_id, after: link }])
  const token = signLink(secret, { workspace_id, contact_id, url, expires_at })
  return { ...link, url: `${public_url}/l/${token}` }
}

async function readTarget(sql: Sql, workspace_id: number, given: string, public_url: string): Promise<string> {
  if (!URL.canParse(given))
    throw refuse('invalid_fields', { fields: { url: 'must be an address such as https://example.com/lesson' } })
  const { href, hostname } = new URL(given)
  // Written as a browser sends it, a short address may have become a long one, and mail programs break those.
  if (href.length > 2000) throw refuse('invalid_fields', { fields: { url: 'must have at most 2,000 characters' } })
  const [row] = await sql<{ allowed_hosts: string[] }[]>`select allowed_hosts from workspaces where id = ${workspace_id}`
  if (mayLeadTo(href, row!.allowed_hosts, public_url)) return href
  throw refuse('invalid_fields', {
    fields: { url: `leads to ${hostname || 'no host'}, which is not allowed yet. Add the host in Settings, Allowed hosts.` },
  })
}
