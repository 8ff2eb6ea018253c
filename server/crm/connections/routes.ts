import Type from 'typebox'
import {
  ContactCrm,
  CrmAgain,
  CrmConnection,
  CrmConnectionCreate,
  CrmConnections,
  CrmConnectionUpdate,
  CrmLink,
  CrmLinksPut,
  CrmLinksQuery,
  CrmLinksStored,
  CrmLogEntry,
  CrmLogQuery,
  CrmMarkPut,
  CrmProviders,
  CrmTested,
} from '../../../shared/crm.ts'
import { Page } from '../../../shared/shape.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { addEarlier } from '../add-earlier.ts'
import { sendCsv } from '../csv.ts'
import { listFailures } from '../failures.ts'
import { dropLink, listLinks, putLinks, tellAgain } from '../links.ts'
import { markContact, readContactCrm, unmarkContact } from '../marks.ts'
import { createConnection, editConnection, findConnection, listConnections, removeConnection } from './connections.ts'
import { describeProviders, testConnection } from './test.ts'

const tags = ['crm']
const LinkParams = Type.Object({ id: params.properties.id, contact_id: params.properties.id })

/** Which CRMs a workspace writes to, who is known there, and what went wrong. (Longer than most: a route is twelve lines.) */
export async function connectionRoutes(app: App, context: Context) {
  const { database, config, egress } = context

  app.get(
    '/crm/providers',
    {
      schema: {
        tags,
        summary: 'List the CRMs that can be connected, with what each needs',
        response: answers(200, CrmProviders),
      },
    },
    async request => {
      await authorize(context, request, 'read')
      return { data: describeProviders(config.crm_type) }
    },
  )

  app.get(
    '/crm/connections',
    { schema: { tags, summary: 'List connections, with how each fares', response: answers(200, CrmConnections) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listConnections(sql, workspace_id, config))
    },
  )

  app.post(
    '/crm/connections',
    {
      schema: {
        tags,
        summary: 'Connect a CRM',
        description: 'Who signs up from now on is added there. A second connection writes to both, as a migration needs it.',
        body: CrmConnectionCreate,
        response: answers(201, CrmConnection),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createConnection(sql, workspace_id, request.body, actor, config),
      )
    },
  )

  app.get(
    '/crm/connections/:id',
    { schema: { tags, summary: 'Read a connection', params, response: answers(200, CrmConnection) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findConnection(sql, workspace_id, request.params.id, config))
    },
  )

  app.patch(
    '/crm/connections/:id',
    {
      schema: {
        tags,
        summary: 'Change a connection',
        description:
          'Holds from the next request on. Settings are merged: an empty one takes a value away, a secret that is not given stays. ' +
          'What waited is told when it is switched on again.',
        params,
        body: CrmConnectionUpdate,
        response: answers(200, CrmConnection),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql =>
        editConnection(sql, workspace_id, request.params.id, request.body, actor, config),
      )
    },
  )

  app.delete(
    '/crm/connections/:id',
    {
      schema: {
        tags,
        summary: 'Delete a connection',
        description: 'Refused while contacts have an id there, which would be lost, unless `drop_links` says so.',
        params,
        querystring: Type.Object({ drop_links: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      const { drop_links = false } = request.query
      await inWorkspace(database, workspace_id, sql =>
        removeConnection(sql, workspace_id, request.params.id, drop_links, actor, config),
      )
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/crm/connections/:id/tests',
    {
      schema: {
        tags,
        summary: 'Sign in and ask for the mailing lists',
        description: 'Writes nothing there. Each request is a test of its own: an `Idempotency-Key` changes nothing here.',
        params,
        response: answers(201, CrmTested),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'admin')
      reply.code(201)
      return testConnection({ sql: database.system, config, egress: egress! }, workspace_id, request.params.id)
    },
  )

  app.post(
    '/crm/connections/:id/links',
    {
      schema: {
        tags,
        summary: 'Store ids that contacts have in a CRM',
        description:
          'The old ids of members, before a migration run. What cannot be stored is in `refused`, and holds up no other.',
        params,
        body: CrmLinksPut,
        response: answers(200, CrmLinksStored),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        putLinks(sql, workspace_id, request.params.id, request.body.links, actor),
      )
    },
  )

  app.post(
    '/crm/connections/:id/again',
    {
      schema: { tags, summary: 'Tell again whatever a CRM did not take', params, response: answers(200, CrmAgain) },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 200, async sql => ({
        asked: await tellAgain(sql, workspace_id, request.params.id),
      }))
    },
  )

  app.delete(
    '/crm/connections/:id/links/:contact_id',
    {
      schema: {
        tags,
        summary: 'Let go of the id that a contact has there',
        description: 'The CRM is told nothing. A migration run that is resumed leaves the contact out.',
        params: LinkParams,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      const { id, contact_id } = request.params
      await inWorkspace(database, workspace_id, sql => dropLink(sql, workspace_id, id, contact_id, actor))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/crm/connections/:id/earlier',
    {
      schema: {
        tags,
        summary: 'Add everybody who signed up before',
        description:
          'In the background. Not who has an id in any CRM already: a migration run finds those where they were loaded to. ' +
          'Repeated, it adds nobody twice.',
        params,
        response: answers(200, CrmAgain),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 200, async sql => ({
        asked: await addEarlier(sql, workspace_id, request.params.id),
      }))
    },
  )

  app.get(
    '/crm/links',
    {
      schema: {
        tags,
        summary: 'List who is known in which CRM',
        querystring: CrmLinksQuery,
        response: answers(200, Page(CrmLink)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listLinks(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/crm/links.csv',
    { schema: { tags, summary: 'The same as CSV, all of it', querystring: Type.Omit(CrmLinksQuery, ['limit', 'cursor']) } },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'read')
      return sendCsv<CrmLink>(
        reply,
        'crm-links.csv',
        ['contact_id', 'email', 'name', 'connection', 'external_id', 'state', 'error', 'updated_at'],
        cursor =>
          inWorkspace(database, workspace_id, sql => listLinks(sql, workspace_id, { ...request.query, limit: 200, ...cursor })),
      )
    },
  )

  app.get(
    '/crm/log',
    {
      schema: {
        tags,
        summary: 'List failures, the newest first',
        querystring: CrmLogQuery,
        response: answers(200, Page(CrmLogEntry)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listFailures(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/crm/log.csv',
    { schema: { tags, summary: 'The same as CSV, all of it', querystring: Type.Omit(CrmLogQuery, ['limit', 'cursor']) } },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'read')
      return sendCsv<CrmLogEntry>(
        reply,
        'crm-log.csv',
        ['at', 'code', 'operation', 'provider', 'contact_id', 'email', 'kind', 'http_status', 'message', 'request_id'],
        cursor =>
          inWorkspace(database, workspace_id, sql =>
            listFailures(sql, workspace_id, { ...request.query, limit: 200, ...cursor }),
          ),
      )
    },
  )

  app.get(
    '/contacts/:id/crm',
    { schema: { tags, summary: 'Show what CRMs know of a contact', params, response: answers(200, ContactCrm) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => readContactCrm(sql, workspace_id, request.params.id))
    },
  )

  app.put(
    '/contacts/:id/crm-mark',
    {
      schema: {
        tags,
        summary: 'Mark a contact as spam, or for review',
        description: 'Every CRM that knows them is told: for review, or to delete spam where the connection says so.',
        params,
        body: CrmMarkPut,
        response: answers(200, ContactCrm),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, async sql => {
        await markContact(sql, workspace_id, request.params.id, request.body, actor)
        return readContactCrm(sql, workspace_id, request.params.id)
      })
    },
  )

  app.delete(
    '/contacts/:id/crm-mark',
    { schema: { tags, summary: 'Take the mark of a contact back', params, response: answers(200, ContactCrm) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, async sql => {
        await unmarkContact(sql, workspace_id, request.params.id, actor)
        return readContactCrm(sql, workspace_id, request.params.id)
      })
    },
  )
}
