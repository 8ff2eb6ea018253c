import { randomUUID } from 'node:crypto'
import { type EmailLink, mayLeadTo, readLink } from '../contacts/email-link.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import type { App, Context } from '../http/routes.ts'
import { readClient } from './client.ts'
import type { Recorder } from './gather.ts'
import { recordForContact } from './record-for-contact.ts'

/**
 * `GET /l/{token}`: a signed link in an e-mail. Records `email_clicked` for the contact and leads on, to an allowed address only.
 * The token goes along as `tl`, and the tracker on that page tells us with it which visitor it was: the device is identified
 * there, where its distinct_id is known, and not by this request's address.
 */
export function followLinkRoute(app: App, context: Context, recorder: Recorder, secret: Buffer) {
  app.get('/l/:token', { schema: { hide: true } }, async (request, reply) => {
    const { token } = request.params as { token: string }
    const link = readLink(secret, token, Date.now())
    if (!link) throw refuse('not_found', { message: 'This link is not valid any more.' })
    const distinct_id = await distinctIdOf(context, link)
    if (distinct_id === undefined) throw refuse('not_found', { message: 'This link is not valid any more.' })
    // Mail programs look at every link before a person does: that is stored and marked, and counts for nothing.
    const is_bot = request.method === 'HEAD' || readClient(request.headers['user-agent'] ?? '').is_bot
    const { workspace_id, contact_id, url: leads_to } = link
    await recordForContact(recorder, request, {
      workspace_id,
      contact_id,
      distinct_id,
      event: 'email_clicked',
      message_id: randomUUID(),
      properties: { url: leads_to },
      is_bot,
    })
    const url = new URL(link.url)
    url.searchParams.set('tl', token)
    return reply.redirect(url.toString(), 302)
  })
}

/** The id that the click is recorded under: the contact's user, else any visitor of theirs, else one made for the contact. */
async function distinctIdOf(
  { database, config }: Context,
  { workspace_id, contact_id, url }: EmailLink,
): Promise<string | undefined> {
  return inWorkspace(database, workspace_id, async sql => {
    const [row] = await sql<{ id: number; allowed_hosts: string[]; distinct_id: string | null }[]>`
      select c.id, w.allowed_hosts, v.distinct_id
        from contacts given
        join contacts c   on c.workspace_id = given.workspace_id and c.id = given.whole_id
        join workspaces w on w.id = c.workspace_id
        left join lateral (
          select distinct_id from visitors v
           where v.workspace_id = c.workspace_id and v.contact_id = c.id
           order by v.kind desc, v.id limit 1) v on true
       where given.workspace_id = ${workspace_id} and given.id = ${contact_id}`
    if (!row || !mayLeadTo(url, row.allowed_hosts, config.public_url)) return undefined
    return row.distinct_id ?? `contact:${row.id}`
  })
}
