import { Page } from '../../../shared/shape.ts'
import { Team, TeamCreate, TeamUpdate } from '../../../shared/teams.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, Nothing, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../authenticate.ts'
import { createTeam, editTeam, listTeams, removeTeam } from './teams.ts'

export async function teamRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['people']

  app.get('/teams', { schema: { tags, summary: 'List teams, by name', response: answers(200, Page(Team)) } }, async request => {
    const { workspace_id } = await authorize(context, request, 'read')
    return { ...(await inWorkspace(database, workspace_id, sql => listTeams(sql, workspace_id))), next_cursor: null }
  })

  app.post(
    '/teams',
    {
      schema: {
        tags,
        summary: 'Make a team',
        description: 'From the first team on, who is in none sees only their own where their role says `team`.',
        body: TeamCreate,
        response: answers(201, Team),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        createTeam(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.patch(
    '/teams/:id',
    { schema: { tags, summary: 'Rename a team, or say who is in it', params, body: TeamUpdate, response: answers(200, Team) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => editTeam(sql, workspace_id, request.params.id, request.body, actor))
    },
  )

  app.delete(
    '/teams/:id',
    { schema: { tags, summary: 'Delete a team', params, response: answers(204, Nothing) } },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      await inWorkspace(database, workspace_id, sql => removeTeam(sql, workspace_id, request.params.id, actor))
      return reply.code(204).send(null)
    },
  )
}
