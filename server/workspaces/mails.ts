import type postgres from 'postgres'
import { Page } from '../../shared/shape.ts'
import { MailShown, MailsQuery } from '../../shared/webhooks.ts'
import { inWorkspace } from '../database/transaction.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import type { App, Context } from '../http/routes.ts'
import { answers } from '../http/shapes.ts'
import { authorize } from './authenticate.ts'

/** Mail of ours to people. (Not in `mail/`, which knows nobody who could ask.) */
export async function mailRoutes(app: App, context: Context) {
  app.get(
    '/mails',
    {
      schema: {
        tags: ['webhooks'],
        summary: 'List the mails that the server wrote, the newest first',
        description:
          'As that an endpoint was paused, or that an appointment was booked. Without SMTP they are `kept`: nobody got them, and they can be read here.',
        querystring: MailsQuery,
        response: answers(200, Page(MailShown)),
      },
    },
    async request => {
      const { workspace_id, scopes } = await authorize(context, request, 'read')
      const page = await inWorkspace(context.database, workspace_id, sql => listMails(sql, workspace_id, request.query))
      return scopes.includes('update') ? page : { ...page, data: page.data.map(withoutTokens) }
    },
  )
}

/**
 * A link in a mail does what its reader may do, as moving an appointment. Whoever only reads here sees where it leads and cannot follow it.
 */
function withoutTokens(mail: MailShown): MailShown {
  const cut = (text: string) => text.replace(/\/[\w-]{24,}/g, '/...')
  // Long lines of .ics files are folded, in the middle of words too.
  const calendar = mail.calendar === null ? null : cut(mail.calendar.replace(/\r\n[ \t]/g, ''))
  return { ...mail, body: cut(mail.body), calendar }
}

async function listMails(
  sql: postgres.TransactionSql,
  workspace_id: number,
  { limit = 50, cursor }: { limit?: number; cursor?: string },
) {
  const [before] = readCursor(cursor, 'integer') ?? []
  const rows = await sql<MailShown[]>`
    select id, to_address, subject, body, about, calendar, state, error, created_at, sent_at
      from mails
     where workspace_id = ${workspace_id}
       ${before === undefined ? sql`` : sql`and id < ${before}`}
     order by id desc
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.id])
}
