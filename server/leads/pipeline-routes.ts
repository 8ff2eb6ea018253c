import { Pipeline, PipelineCreate, Pipelines, PipelineUpdate } from '../../shared/pipelines.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing, SmallIdParams } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { createPipeline, editPipeline, findPipeline, listPipelines, removePipeline } from './pipelines.ts'

const tags = ['pipelines']

export async function pipelineRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/pipelines',
    { schema: { tags, summary: 'List pipelines with their stages', response: answers(200, Pipelines) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listPipelines(sql, workspace_id))
    },
  )

  app.post(
    '/pipelines',
    {
      schema: {
        tags,
        summary: 'Make a pipeline',
        description: 'Without stages it begins with those that every workspace has.',
        body: PipelineCreate,
        response: answers(201, Pipeline),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createPipeline(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.get(
    '/pipelines/:id',
    { schema: { tags, summary: 'Read a pipeline', params: SmallIdParams, response: answers(200, Pipeline) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findPipeline(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/pipelines/:id',
    {
      schema: {
        tags,
        summary: 'Change a pipeline or its stages',
        description:
          'Stages are given as a whole, in their order, with the keys of those that stay. A stage with leads in it cannot be taken away ' +
          'or get another kind: 409 `in_use`.',
        params: SmallIdParams,
        body: PipelineUpdate,
        response: answers(200, Pipeline),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => editPipeline(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/pipelines/:id',
    {
      schema: {
        tags,
        summary: 'Delete a pipeline',
        description: '409 `in_use` while leads stand in it or it is the default.',
        params: SmallIdParams,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removePipeline(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )
}
