import { Contact, ContactCreate, ContactsQuery, ContactUpdate, Link, LinkCreate } from '../../shared/contacts.ts'
import { TimelineEntry, TimelineQuery } from '../../shared/events.ts'
import { Page } from '../../shared/shape.ts'
import { ContactWithTags } from '../../shared/tags.ts'
import type { Sql } from '../database/connect.ts'
import { isLimited } from '../database/limits.ts'
import { inWorkspace } from '../database/transaction.ts'
import { refuse } from '../errors.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams } from '../http/shapes.ts'
import { secretFor } from '../secrets.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { archiveContact, restoreContact } from './archive.ts'
import { createContact } from './create.ts'
import { editContact } from './edit.ts'
import { findContact } from './find.ts'
import { listContacts } from './list.ts'
import { makeLink } from './make-link.ts'
import { listTimeline } from './timeline.ts'

export async function contactRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['contacts']
  const link_secret = secretFor(context.config, 'email links')

  app.get(
    '/contacts',
    {
      schema: {
        tags,
        summary: 'List contacts',
        description:
          'Search, filter and sort. Contacts that were merged into another one are left out, and those who are archived without `archived`.',
        querystring: ContactsQuery,
        response: answers(200, Page(Contact)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { query } = request
      // A search names its workspace itself, as the role that may use the index of words (server/contacts/list.ts).
      if (query.q !== undefined && query.rule === undefined && !isLimited())
        return listContacts(database.system, workspace_id, query)
      return inWorkspace(database, workspace_id, sql => inTime(sql, query.rule, () => listContacts(sql, workspace_id, query)))
    },
  )

  app.post(
    '/contacts',
    {
      schema: {
        tags,
        summary: 'Make a contact',
        description: 'With at least an e-mail or a phone. 409 `already_exists` names the contact that has it.',
        body: ContactCreate,
        response: answers(201, ContactWithTags),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor, only_of } = await authorize(context, request, 'update')
      const given = only_of === null ? request.body : { ...request.body, owner_id: only_of }
      return answerOnce(database, { workspace_id, request, reply }, 201, sql => createContact(sql, workspace_id, given, actor))
    },
  )

  app.get(
    '/contacts/:id',
    { schema: { tags, summary: 'Read a contact', params: SmallIdParams, response: answers(200, ContactWithTags) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findContact(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/contacts/:id',
    {
      schema: {
        tags,
        summary: 'Change a contact',
        description: 'Changes what is given; null takes a value away. With `if_updated_at`, only if nobody was faster.',
        params: SmallIdParams,
        body: ContactUpdate,
        response: answers(200, ContactWithTags),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, sql => editContact(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  for (const [way, change, summary] of [
    ['archive', archiveContact, 'Archive a contact: kept whole, and in no list, segment or count until they do something'],
    ['restore', restoreContact, 'Restore a contact that is archived'],
  ] as const) {
    app.post(
      `/contacts/:id/${way}`,
      { schema: { tags, summary, params: SmallIdParams, response: answers(200, ContactWithTags) } },
      async (request, reply) => {
        const { workspace_id, actor } = await authorize(context, request, 'update')
        return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
          change(sql, workspace_id, request.params.id, actor),
        )
      },
    )
  }

  app.get(
    '/contacts/:id/timeline',
    {
      schema: {
        tags,
        summary: 'What a contact did and what was changed, the newest first',
        params: SmallIdParams,
        querystring: TimelineQuery,
        response: answers(200, Page(TimelineEntry)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listTimeline(sql, workspace_id, request.params.id, request.query))
    },
  )

  app.post(
    '/contacts/:id/links',
    {
      schema: {
        tags,
        summary: 'Make a link for an e-mail',
        description: 'Whoever follows it is known as this contact, on any device. It leads to an allowed host only.',
        params: SmallIdParams,
        body: LinkCreate,
        response: answers(201, Link),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      const to = { secret: link_secret, public_url: context.config.public_url }
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        makeLink(sql, workspace_id, request.params.id, request.body, to, actor),
      )
    },
  )
}

/** A rule may ask of everybody what they did long ago: somebody waits for it, but not without an end. Throws `took_too_long`. */
async function inTime<T>(sql: Sql, rule: string | undefined, list: () => Promise<T>): Promise<T> {
  if (rule === undefined) return list()
  await sql.unsafe(`set local statement_timeout = '${LONGEST}'; set local work_mem = '64MB'`) // sets that conditions collect stay in memory
  try {
    return await list()
  } catch (error) {
    if ((error as { code?: string }).code !== '57014') throw error
    const message = 'This rule reads too much to be asked of a list. Ask for rarer events or fewer days, or save it as a segment.'
    throw refuse('took_too_long', { message })
  }
}

const LONGEST = '15s'
