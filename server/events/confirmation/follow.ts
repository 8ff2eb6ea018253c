import { signLink } from '../../contacts/email-link.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { refuse } from '../../errors.ts'
import type { App, Context } from '../../http/routes.ts'
import { secretFor } from '../../secrets.ts'
import { readClient } from '../client.ts'
import type { Recorder } from '../gather.ts'
import { recordForContact } from '../record-for-contact.ts'
import { sayOnPage } from '../say-on-page.ts'
import { PURPOSE } from './ask.ts'
import { type Confirmation, readConfirmation } from './token.ts'

const DAY = 86_400_000
const NOT_VALID = 'This link is not valid any more. Please register again.'

type Asked = { contact_id: number; distinct_id: string | null; confirmed_at: Date | null; watch_url: string | null }

/** `GET /confirm/{token}`: the link of the mail. Records `registration_confirmed` once, and leads on to the funnel's watch page. */
export function confirmRoute(app: App, context: Context, recorder: Recorder) {
  const secret = secretFor(context.config, PURPOSE)
  const link_secret = secretFor(context.config, 'email links')
  /** The tracker over there is told who it is, as by any link of an e-mail (follow-link.ts). */
  const watchLink = ({ workspace_id }: Confirmation, { contact_id }: Asked, watch_url: string) => {
    const url = `https://${watch_url}`
    return `${url}?tl=${signLink(link_secret, { workspace_id, contact_id, url, expires_at: Date.now() + DAY })}`
  }
  app.get('/confirm/:token', { schema: { hide: true } }, async (request, reply) => {
    const { token } = request.params as { token: string }
    const given = readConfirmation(secret, token, Date.now())
    const asked = given && (await findAsked(context, given))
    if (!given || !asked) {
      if (!request.headers.accept?.includes('text/html')) throw refuse('not_found', { message: NOT_VALID })
      return sayOnPage(reply, 404, { title: 'That did not work', sentence: NOT_VALID })
    }
    // Mail programs look at every link before a person does.
    const is_bot = request.method === 'HEAD' || readClient(request.headers['user-agent'] ?? '').is_bot
    if (!asked.confirmed_at && !is_bot) await confirm(context, recorder, request, given, asked)
    const next =
      asked.watch_url === null || is_bot ? undefined : { href: watchLink(given, asked, asked.watch_url), text: 'Go on' }
    return sayOnPage(reply, 200, { title: 'Your address is confirmed', sentence: 'Thank you. You are registered.', next })
  })
}

/** The event first, with an id that stays: whoever is stopped in between or clicks twice at once records it once. */
async function confirm(
  context: Context,
  recorder: Recorder,
  request: Parameters<typeof recordForContact>[1],
  { workspace_id, funnel_id, email }: Confirmation,
  { contact_id, distinct_id }: Asked,
) {
  await recordForContact(recorder, request, {
    workspace_id,
    contact_id,
    distinct_id: distinct_id ?? `contact:${contact_id}`,
    event: 'registration_confirmed',
    message_id: `confirmed ${funnel_id} ${email}`,
    properties: { funnel_id, email },
    is_bot: false,
  })
  await inWorkspace(
    context.database,
    workspace_id,
    sql => sql`
      update email_confirmations
         set confirmed_at = now()
       where workspace_id = ${workspace_id} and funnel_id = ${funnel_id} and email = ${email} and confirmed_at is null`,
  )
}

async function findAsked({ database }: Context, { workspace_id, funnel_id, email }: Confirmation): Promise<Asked | undefined> {
  return inWorkspace(database, workspace_id, async sql => {
    const [row] = await sql<Asked[]>`
      select c.id as contact_id, v.distinct_id, a.confirmed_at,
             (select p.url
                from funnel_pages p
                join funnels f on f.workspace_id = p.workspace_id and f.id = p.funnel
               where f.workspace_id = a.workspace_id and f.funnel_id = a.funnel_id and p.kind = 'watch' and p.url not like '%*%'
               order by p.id
               limit 1) as watch_url
        from email_confirmations a
        join contacts given on given.workspace_id = a.workspace_id and given.id = a.contact_id
        join contacts c     on c.workspace_id = given.workspace_id and c.id = given.whole_id
        left join lateral (
             select distinct_id
               from visitors v
              where v.workspace_id = c.workspace_id and v.contact_id = c.id
              order by v.kind desc, v.id
              limit 1) v on true
       where a.workspace_id = ${workspace_id} and a.funnel_id = ${funnel_id} and a.email = ${email}`
    return row
  })
}
