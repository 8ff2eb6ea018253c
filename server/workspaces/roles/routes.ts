import { RoleCreate, RoleShown, RoleUpdate } from '../../../shared/permissions.ts'
import { Page } from '../../../shared/shape.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../authenticate.ts'
import { createRole, editRole, listRoles, removeRole } from './roles.ts'

export async function roleRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['people']

  app.get(
    '/roles',
    {
      schema: {
        tags,
        summary: 'List roles',
        description: 'The five that every workspace has, with `id` null, and those of its own.',
        response: answers(200, Page(RoleShown)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return { ...(await inWorkspace(database, workspace_id, sql => listRoles(sql, workspace_id))), next_cursor: null }
    },
  )

  app.post(
    '/roles',
    {
      schema: {
        tags,
        summary: 'Make a role',
        description:
          'Scope by action: `all`, `team`, `own` or `none`; what is not named is `none`. Nobody gives more than they have.',
        body: RoleCreate,
        response: answers(201, RoleShown),
      },
    },
    async (request, reply) => {
      const caller = await authorize(context, request, 'admin')
      const { workspace_id } = caller
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createRole(sql, workspace_id, request.body, caller),
      )
    },
  )

  app.patch(
    '/roles/:id',
    {
      schema: {
        tags,
        summary: 'Change a role',
        description: 'Of whoever has it, from their next request on. `permissions` are replaced as a whole.',
        params,
        body: RoleUpdate,
        response: answers(200, RoleShown),
      },
    },
    async request => {
      const caller = await authorize(context, request, 'admin')
      const { workspace_id } = caller
      return inWorkspace(context.database, workspace_id, sql =>
        editRole(sql, workspace_id, request.params.id, request.body, caller),
      )
    },
  )

  app.delete(
    '/roles/:id',
    { schema: { tags, summary: 'Delete a role that nobody has', params, response: answers(204, Nothing) } },
    async (request, reply) => {
      const caller = await authorize(context, request, 'admin')
      const { workspace_id } = caller
      await inWorkspace(context.database, workspace_id, sql => removeRole(sql, workspace_id, request.params.id, caller))
      return reply.code(204).send(null)
    },
  )
}
