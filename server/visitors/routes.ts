import Type from 'typebox'
import { Page } from '../../shared/shape.ts'
import { Visitor, VisitorsQuery, VisitorUpdate } from '../../shared/visitors.ts'
import { familyOf } from '../contacts/find.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, IdParams, SmallIdParams } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { findVisitor, listVisitors } from './list.ts'
import { ownVisitor } from './own.ts'
import { selectVisitors } from './select.ts'

export async function visitorRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['visitors']

  app.get(
    '/visitors',
    {
      schema: {
        tags,
        summary: 'List visitors, the newest visit first',
        querystring: VisitorsQuery,
        response: answers(200, Page(Visitor)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listVisitors(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/visitors/:id',
    { schema: { tags, summary: 'Read a visitor', params: IdParams, response: answers(200, Visitor) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findVisitor(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/visitors/:id',
    {
      schema: { tags, summary: 'Say whose a visitor is', params: IdParams, body: VisitorUpdate, response: answers(200, Visitor) },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, sql =>
        ownVisitor(sql, workspace_id, request.params.id, request.body.owner_id, actor),
      )
    },
  )

  app.get(
    '/contacts/:id/visitors',
    {
      schema: {
        tags: ['contacts'],
        summary: 'The devices and browsers that a contact came with',
        params: SmallIdParams,
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers(200, Page(Visitor)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const data = await inWorkspace(database, workspace_id, async sql => {
        const family = await familyOf(sql, workspace_id, request.params.id)
        // A person has at most a thousand (server/identity/guard.ts).
        return selectVisitors(
          sql,
          sql`v.workspace_id = ${workspace_id} and v.contact_id = any(${family}::int[])`,
          sql`order by v.last_visit desc, v.id desc`,
        )
      })
      return { data: [...data], next_cursor: null }
    },
  )
}
