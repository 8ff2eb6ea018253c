import Type from 'typebox'
import { RightsShown } from '../../shared/permissions.ts'
import { ListQuery, Page } from '../../shared/shape.ts'
import { User } from '../../shared/users.ts'
import type { Sql } from '../database/connect.ts'
import { pageOf, readCursor } from '../http/paginate.ts'
import type { App, Context } from '../http/routes.ts'
import { answers } from '../http/shapes.ts'
import { authorize } from './authenticate.ts'

export async function userRoutes(app: App, context: Context) {
  app.get(
    '/users',
    {
      schema: {
        tags: ['people'],
        summary: 'List who works in the workspace, by name',
        querystring: Type.Object(ListQuery, { additionalProperties: false }),
        response: answers(200, Page(User)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return listUsers(context.database.system, workspace_id, request.query)
    },
  )

  app.get(
    '/rights',
    { schema: { tags: ['people'], summary: 'What you may do here', response: answers(200, RightsShown) } },
    async request => {
      const { permissions, masks } = (await authorize(context, request, 'read')).rights
      return { permissions, masks: [...masks] }
    },
  )
}

/** As the system's role: people stand outside of the tenants. */
async function listUsers(sql: Sql, workspace_id: number, { limit = 50, cursor }: { limit?: number; cursor?: string }) {
  const [name, id] = readCursor(cursor, 'text', 'integer') ?? []
  const rows = await sql<User[]>`
    select u.id, u.name, u.email, m.role, m.role_id
      from memberships m
      join users u on u.id = m.user_id
     where m.workspace_id = ${workspace_id}
       ${name === undefined ? sql`` : sql`and (u.name, u.id) > (${name}, ${id!})`}
     order by u.name, u.id
     limit ${limit + 1}`
  return pageOf(rows, limit, last => [last.name, last.id])
}
