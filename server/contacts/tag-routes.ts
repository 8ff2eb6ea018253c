import Type from 'typebox'
import { ContactTags, Tag, TagCreate, Tags, TagsAdd, TagUpdate } from '../../shared/tags.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { tagContact, untagContact } from './tag-contact.ts'
import { createTag, editTag, listTags, removeTag } from './tags.ts'

const TagParams = Type.Object({ ...params.properties, tag_id: params.properties.id })

export async function tagRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['contacts']

  app.get(
    '/tags',
    { schema: { tags, summary: 'List tags with how many contacts have each', response: answers(200, Tags) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listTags(sql, workspace_id))
    },
  )

  app.post(
    '/tags',
    { schema: { tags, summary: 'Make a tag', body: TagCreate, response: answers(201, Tag) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql => createTag(sql, workspace_id, request.body, actor))
    },
  )

  app.patch(
    '/tags/:id',
    { schema: { tags, summary: 'Rename or colour a tag', params, body: TagUpdate, response: answers(200, Tag) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return inWorkspace(database, workspace_id, sql => editTag(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/tags/:id',
    { schema: { tags, summary: 'Delete a tag; everybody who has it loses it', params, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      await inWorkspace(database, workspace_id, sql => removeTag(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/contacts/:id/tags',
    {
      schema: {
        tags,
        summary: 'Put tags on a contact',
        description:
          'By their names, in any case; a name that is not known yet makes the tag. Answers all that the contact has then.',
        params,
        body: TagsAdd,
        response: answers(200, ContactTags),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      return answerOnce(database, { workspace_id, request, reply }, 200, sql =>
        tagContact(sql, workspace_id, request.params.id, request.body.names, actor),
      )
    },
  )

  app.delete(
    '/contacts/:id/tags/:tag_id',
    { schema: { tags, summary: 'Take a tag off a contact', params: TagParams, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'update')
      const { id, tag_id } = request.params
      await inWorkspace(database, workspace_id, sql => untagContact(sql, workspace_id, id, tag_id, actor))
      return reply.code(204).send(null)
    },
  )
}
