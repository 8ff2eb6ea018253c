import Type from 'typebox'
import { ListQuery, Page } from '../../shared/shape.ts'
import { Task, TaskCreate, TasksQuery, TaskUpdate } from '../../shared/tasks.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, IdParams } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { createTask, editTask } from './log.ts'
import { authorizeChange } from './may-change.ts'
import { findTask, listTasks, listTasksOfLead } from './tasks.ts'

const tags = ['tasks']

export async function taskRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/tasks',
    {
      schema: {
        tags,
        summary: 'List tasks',
        description: 'To do, what is due first; or done, the newest first.',
        querystring: TasksQuery,
        response: answers(200, Page(Task)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listTasks(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/leads/:id/tasks',
    {
      schema: {
        tags,
        summary: 'List the tasks and the log of a lead, the newest first',
        params: IdParams,
        querystring: Type.Object(ListQuery, { additionalProperties: false }),
        response: answers(200, Page(Task)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listTasksOfLead(sql, workspace_id, request.params.id, request.query))
    },
  )

  app.post(
    '/tasks',
    {
      schema: {
        tags,
        summary: 'Make a task, or write down what was done',
        description:
          'With `done: true` it is a log entry, as a note always is. A call, an e-mail or a meeting counts as an attempt.',
        body: TaskCreate,
        response: answers(201, Task),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor, only_of } = await authorizeChange(context, request)
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createTask(sql, workspace_id, request.body, actor, { only_of }),
      )
    },
  )

  app.get(
    '/tasks/:id',
    { schema: { tags, summary: 'Read a task', params: IdParams, response: answers(200, Task) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findTask(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/tasks/:id',
    {
      schema: {
        tags,
        summary: 'Change a task, end it, or open it again',
        params: IdParams,
        body: TaskUpdate,
        response: answers(200, Task),
      },
    },
    async request => {
      const { workspace_id, actor, only_of } = await authorizeChange(context, request)
      return inWorkspace(database, workspace_id, sql =>
        editTask(sql, workspace_id, request.params.id, request.body, actor, { only_of }),
      )
    },
  )
}
