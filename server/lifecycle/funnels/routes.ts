import Type from 'typebox'
import {
  Funnel,
  FunnelCreate,
  FunnelPage,
  FunnelPageCreate,
  FunnelPageUpdate,
  Funnels,
  FunnelUpdate,
  FunnelVideo,
  FunnelVideoCreate,
  FunnelVideoUpdate,
} from '../../../shared/funnels.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { createFunnel, editFunnel, findFunnel, listFunnels, removeFunnel } from './funnels.ts'
import { addPart, editPart, findPart, listParts, removePart } from './parts.ts'

const tags = ['funnels']

export async function funnelRoutes(app: App, context: Context) {
  const { database } = context

  app.get(
    '/funnels',
    { schema: { tags, summary: 'List funnels with their pages and videos', response: answers(200, Funnels) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listFunnels(sql, workspace_id))
    },
  )

  app.post(
    '/funnels',
    { schema: { tags, summary: 'Make a funnel', body: FunnelCreate, response: answers(201, Funnel) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createFunnel(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.get(
    '/funnels/:id',
    { schema: { tags, summary: 'Read a funnel', params, response: answers(200, Funnel) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findFunnel(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/funnels/:id',
    { schema: { tags, summary: 'Change a funnel', params, body: FunnelUpdate, response: answers(200, Funnel) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => editFunnel(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/funnels/:id',
    {
      schema: {
        tags,
        summary: 'Delete a funnel with its pages and videos',
        description: 'What happened in it stays where it is.',
        params,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeFunnel(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )

  partRoutes(app, context, {
    kind: 'page',
    path: '/pages',
    name: 'page',
    shown: FunnelPage,
    create: FunnelPageCreate,
    update: FunnelPageUpdate,
  })
  partRoutes(app, context, {
    kind: 'video',
    path: '/videos',
    name: 'video',
    shown: FunnelVideo,
    create: FunnelVideoCreate,
    update: FunnelVideoUpdate,
  })
}

type PartRoutes = {
  kind: 'page' | 'video'
  path: '/pages' | '/videos'
  name: string
  shown: typeof FunnelPage | typeof FunnelVideo
  create: typeof FunnelPageCreate | typeof FunnelVideoCreate
  update: typeof FunnelPageUpdate | typeof FunnelVideoUpdate
}

function partRoutes(app: App, context: Context, { kind, path, name, shown, create, update }: PartRoutes) {
  const { database } = context
  const one = `${path}/:id` as const

  app.get(
    path,
    {
      schema: {
        tags,
        summary: `List the ${name}s of all funnels`,
        response: answers(200, Type.Object({ data: Type.Array(shown) })),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listParts(sql, workspace_id, kind))
    },
  )

  app.post(
    path,
    { schema: { tags, summary: `Add a ${name} to a funnel`, body: create, response: answers(201, shown) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        addPart(sql, workspace_id, kind, request.body as FunnelPageCreate & FunnelVideoCreate, actor),
      )
    },
  )

  app.get(one, { schema: { tags, summary: `Read a ${name}`, params, response: answers(200, shown) } }, async request => {
    const { workspace_id } = await authorize(context, request, 'read')
    return inWorkspace(database, workspace_id, sql => findPart(sql, workspace_id, kind, request.params.id))
  })

  app.patch(
    one,
    { schema: { tags, summary: `Change a ${name}`, params, body: update, response: answers(200, shown) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql =>
        editPart(sql, workspace_id, kind, request.params.id, request.body as FunnelPageUpdate & FunnelVideoUpdate, actor),
      )
    },
  )

  app.delete(
    one,
    { schema: { tags, summary: `Take a ${name} out of its funnel`, params, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removePart(sql, workspace_id, kind, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )
}
