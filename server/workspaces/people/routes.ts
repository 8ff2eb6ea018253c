import { Page } from '../../../shared/shape.ts'
import { Transfer } from '../../../shared/transfers.ts'
import {
  HandOver,
  Invitation,
  InvitationCreate,
  InvitationSent,
  Leavings,
  MemberUpdate,
  RemovalQuery,
  User,
} from '../../../shared/users.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../authenticate.ts'
import { acceptRoutes } from './accept-routes.ts'
import { type Keeper, readLeavings } from './hand-over.ts'
import { invite, listInvitations, sendAgain, withdraw } from './invitations.ts'
import { changeRole, removeMember } from './members.ts'

/** Who works in the workspace, and who was asked to. (The list of members is server/workspaces/user-routes.ts.) */
export async function peopleRoutes(app: App, context: Context, keeper: Keeper) {
  const { system } = context.database
  const { config } = context
  const tags = ['people']

  app.patch(
    '/users/:id',
    {
      schema: {
        tags,
        summary: 'Give a member another role',
        description: 'Nobody gives more than they have, and only owners make owners. 409 `last_owner` keeps the last one.',
        params,
        body: MemberUpdate,
        response: answers(200, User),
      },
    },
    async request => {
      const caller = await authorize(context, request, 'admin')
      return system.begin(sql => changeRole(sql, caller.workspace_id, request.params.id, request.body, caller))
    },
  )

  app.delete(
    '/users/:id',
    {
      schema: {
        tags,
        summary: 'Remove a member, or leave',
        description: 'They are out with their next request, and every stream of theirs ends. Everybody may remove themselves.',
        params,
        querystring: RemovalQuery,
        response: answers(204, Nothing),
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const member = await authorize(context, request, 'read')
      const leaves = member.actor.kind === 'user' && member.actor.id === id
      const caller = leaves ? member : await authorize(context, request, 'admin')
      const { workspace_id, actor } = caller
      const { transfer_to: to, revoke_keys } = request.query
      await system.begin(async sql => {
        await removeMember(sql, workspace_id, id, { revoke_keys }, caller)
        if (to !== undefined) await keeper.handOver(sql, workspace_id, { from: id, to: to === 0 ? null : to }, actor)
      })
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/users/:id/leavings',
    {
      schema: {
        tags,
        summary: 'What somebody would leave behind',
        description: 'Of a member, or of somebody who was one: records that are theirs, and keys that they made.',
        params,
        response: answers(200, Leavings),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'admin')
      return readLeavings(system, workspace_id, request.params.id, keeper)
    },
  )

  app.post(
    '/users/:id/hand-over',
    {
      schema: {
        tags,
        summary: 'Hand the records of somebody over',
        description:
          'Contacts, visitors, and open leads, tasks and appointments become those of another member, or of nobody (`to` null). ' +
          "An appointment at a time when the other one has another becomes nobody's. Of somebody who left, too. It is a transfer: ask it how far it is.",
        params,
        body: HandOver,
        response: answers(201, Transfer),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      const whose = { from: request.params.id, to: request.body.to }
      return answerOnce(
        context.database,
        { workspace_id, request, reply },
        201,
        async sql => {
          await readLeavings(sql, workspace_id, whose.from, keeper)
          return keeper.handOver(sql, workspace_id, whose, actor)
        },
        system,
      )
    },
  )

  app.get(
    '/invitations',
    { schema: { tags, summary: 'List open invitations, the newest first', response: answers(200, Page(Invitation)) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'admin')
      return { ...(await listInvitations(system, workspace_id)), next_cursor: null }
    },
  )

  app.post(
    '/invitations',
    {
      schema: {
        tags,
        summary: 'Invite somebody by e-mail',
        description:
          'They get a mail with a link that works once, for 7 days. Where the server sends no mail, the link is in the answer, this once.',
        body: InvitationCreate,
        response: answers(201, InvitationSent),
      },
    },
    async (request, reply) => {
      const caller = await authorize(context, request, 'admin')
      const { workspace_id } = caller
      return answerOnce(
        context.database,
        { workspace_id, request, reply },
        201,
        sql => invite(sql, workspace_id, request.body, { caller, config }),
        system,
      )
    },
  )

  app.post(
    '/invitations/:id/sending',
    {
      schema: {
        tags,
        summary: 'Send an invitation again',
        description: 'With a new link and seven new days; the link before leads nowhere any more.',
        params,
        response: answers(200, InvitationSent),
      },
    },
    async (request, reply) => {
      const caller = await authorize(context, request, 'admin')
      const { workspace_id } = caller
      return answerOnce(
        context.database,
        { workspace_id, request, reply },
        200,
        sql => sendAgain(sql, workspace_id, request.params.id, { caller, config }),
        system,
      )
    },
  )

  app.delete(
    '/invitations/:id',
    { schema: { tags, summary: 'Withdraw an invitation', params, response: answers(204, Nothing) } },
    async (request, reply) => {
      const caller = await authorize(context, request, 'admin')
      await system.begin(sql => withdraw(sql, caller.workspace_id, request.params.id, caller))
      return reply.code(204).send(null)
    },
  )

  await acceptRoutes(app, context)
}
