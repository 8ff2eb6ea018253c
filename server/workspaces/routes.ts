import Type from 'typebox'
import { Page } from '../../shared/shape.ts'
import { Workspace, WorkspaceCreate, WorkspaceUpdate } from '../../shared/workspaces.ts'
import { refuse } from '../errors.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams } from '../http/shapes.ts'
import { authorize, authorizeUser, keyOf } from './authenticate.ts'
import { authorizeFounder, foundWorkspace } from './found.ts'
import { findWorkspace, requireKnown, updateWorkspace, workspacesOfUser } from './workspaces.ts'

const WorkspaceCreated = Type.Object({
  ...Workspace.properties,
  workspace_id: Type.Integer(),
  write_key: Type.String(),
  secret_key: Type.String({ description: 'shown this once' }),
})

export async function workspaceRoutes(app: App, context: Context) {
  const { system } = context.database
  const tags = ['workspaces']

  app.get(
    '/workspaces',
    {
      schema: {
        tags,
        summary: 'List your workspaces',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers(200, Page(Workspace)),
      },
    },
    async request => {
      if (keyOf(request) === undefined) {
        const { user_id } = await authorizeUser(context, request)
        return { data: await workspacesOfUser(system, user_id), next_cursor: null }
      }
      const { workspace_id } = await authorize(context, request, 'read')
      return { data: [await findWorkspace(system, workspace_id, null)], next_cursor: null }
    },
  )

  app.post(
    '/workspaces',
    {
      schema: {
        tags,
        summary: 'Make a workspace',
        description:
          'In your organization, or in another one that you administer, or in a new one. Its keys are shown this once.',
        body: WorkspaceCreate,
        response: answers(201, WorkspaceCreated),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorizeFounder(context, request)
      requireKnown(request.body)
      const asked = { workspace_id, request, reply }
      return answerOnce(context.database, asked, 201, sql => foundWorkspace(sql, workspace_id, request.body, actor), system)
    },
  )

  app.get(
    '/workspaces/:id',
    { schema: { tags, summary: 'Read a workspace', params: SmallIdParams, response: answers(200, Workspace) } },
    async request => {
      const { workspace_id, role } = await authorize(context, request, 'read')
      if (request.params.id !== workspace_id) throw refuse('not_found')
      return findWorkspace(system, workspace_id, role)
    },
  )

  app.patch(
    '/workspaces/:id',
    {
      schema: {
        tags,
        summary: 'Change a workspace',
        params: SmallIdParams,
        body: WorkspaceUpdate,
        response: answers(200, Workspace),
      },
    },
    async request => {
      const { workspace_id, role, actor } = await authorize(context, request, 'admin')
      if (request.params.id !== workspace_id) throw refuse('not_found')
      return system.begin(async sql => {
        await updateWorkspace(sql, await findWorkspace(sql, workspace_id, role), request.body, actor)
        return findWorkspace(sql, workspace_id, role)
      })
    },
  )
}
