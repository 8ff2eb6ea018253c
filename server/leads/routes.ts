import Type from 'typebox'
import {
  Board,
  BoardQuery,
  Lead,
  LeadCreate,
  LeadEvent,
  LeadMove,
  LeadSelectionChange,
  LeadSelectionChanged,
  LeadShown,
  LeadStatusChange,
  LeadsQuery,
  LeadUpdate,
  LostReasons,
} from '../../shared/leads.ts'
import { ListQuery, Page } from '../../shared/shape.ts'
import { isLimited } from '../database/limits.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams as ContactParams, IdParams } from '../http/shapes.ts'
import { visitorNumbers } from '../visitors/number.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { readBoard } from './board.ts'
import { createLead } from './create.ts'
import { editLead, editSelection } from './edit.ts'
import { listLeadEvents, listLostReasons } from './events.ts'
import { findLead } from './find.ts'
import { listLeads } from './list.ts'
import { authorizeChange } from './may-change.ts'
import { moveLead } from './move.ts'
import { pipelineRoutes } from './pipeline-routes.ts'
import { ruleRoutes } from './rule-routes.ts'
import { changeStatus, type Sell } from './status.ts'
import { taskRoutes } from './task-routes.ts'
import { typeRoutes } from './type-routes.ts'

const tags = ['leads']
const Paged = Type.Object(ListQuery, { additionalProperties: false })

/** What people and programs do with leads. (Longer than most: a route is twelve lines, and they are read one at a time.) */
export async function leadRoutes(app: App, context: Context, sell: Sell) {
  const { database } = context
  const numbers = visitorNumbers()

  app.get(
    '/leads',
    {
      schema: {
        tags,
        summary: 'List leads',
        description: 'Search, filter and sort. Test leads are among them unless `is_test` says otherwise.',
        querystring: LeadsQuery,
        response: answers(200, Page(Lead)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { query } = request
      // A search names its workspace itself, as the role that may use the index of words (server/contacts/list.ts).
      return query.q === undefined || isLimited()
        ? inWorkspace(database, workspace_id, sql => listLeads(sql, workspace_id, query))
        : listLeads(database.system, workspace_id, query)
    },
  )

  app.get(
    '/contacts/:id/leads',
    {
      schema: {
        tags,
        summary: 'List the leads of a contact, the newest first',
        description: 'Those of contacts that are part of this one too.',
        params: ContactParams,
        querystring: Paged,
        response: answers(200, Page(Lead)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const query = { ...request.query, contact_id: request.params.id }
      return inWorkspace(database, workspace_id, sql => listLeads(sql, workspace_id, query))
    },
  )

  app.post(
    '/leads',
    {
      schema: {
        tags,
        summary: 'Make a lead',
        description:
          'Of a contact, or of a person whose e-mail or phone finds a contact or makes one. Without `assigned_to` the assignment rules ' +
          "choose. What an agent makes is the agent's own. With the tracker's `distinct_id` the lead joins the history of that visitor.",
        body: LeadCreate,
        response: answers(201, LeadShown),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor, only_of } = await authorizeChange(context, request)
      return answerOnce(database, { workspace_id, request, reply }, 201, async sql => {
        const id = await createLead(sql, workspace_id, request.body, actor, { only_of, numbers })
        return findLead(sql, workspace_id, id)
      })
    },
  )

  app.get(
    '/leads/board',
    {
      schema: {
        tags,
        summary: 'A pipeline as columns of cards',
        description:
          'Each with its count, the sum of what its leads may bring, and its first cards. With `status`, that column alone; `cursor` asks ' +
          'for its next cards. Test leads are not on it.',
        querystring: BoardQuery,
        response: answers(200, Board),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => readBoard(sql, workspace_id, request.query))
    },
  )

  app.post(
    '/leads/selection',
    {
      schema: {
        tags,
        summary: 'Change a selection of leads',
        description: 'The same for up to 200 of them; all or none.',
        body: LeadSelectionChange,
        response: answers(200, LeadSelectionChanged),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor, only_of } = await authorizeChange(context, request)
      return answerOnce(database, { workspace_id, request, reply }, 200, async sql => ({
        leads: await editSelection(sql, workspace_id, request.body, actor, { only_of }),
      }))
    },
  )

  app.get(
    '/lead-lost-reasons',
    { schema: { tags, summary: 'List why leads were lost, the most used first', response: answers(200, LostReasons) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listLostReasons(sql, workspace_id))
    },
  )

  app.get(
    '/leads/:id',
    { schema: { tags, summary: 'Read a lead', params: IdParams, response: answers(200, LeadShown) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findLead(sql, workspace_id, request.params.id))
    },
  )

  app.patch(
    '/leads/:id',
    {
      schema: {
        tags,
        summary: 'Change a lead',
        description:
          'Changes what is given; null takes a value away, of `fields` key by key. With `if_updated_at`, only if nobody was faster. ' +
          'An agent changes the leads that are assigned to them.',
        params: IdParams,
        body: LeadUpdate,
        response: answers(200, LeadShown),
      },
    },
    async request => {
      const { workspace_id, actor, only_of } = await authorizeChange(context, request)
      const { id } = request.params
      return inWorkspace(database, workspace_id, async sql => {
        await editLead(sql, workspace_id, id, request.body, actor, { only_of })
        return findLead(sql, workspace_id, id)
      })
    },
  )

  app.post(
    '/leads/:id/status',
    {
      schema: {
        tags,
        summary: 'Take a lead to another stage',
        description:
          'Also of another pipeline, and from a closed one back to an open one. To a stage of the kind won with `conversion`, it records ' +
          'the sale as well; to one of the kind lost, `lost_reason` says why.',
        params: IdParams,
        body: LeadStatusChange,
        response: answers(200, LeadShown),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor, only_of } = await authorizeChange(context, request)
      const { id } = request.params
      return answerOnce(database, { workspace_id, request, reply }, 200, async sql => {
        await changeStatus(sql, workspace_id, id, request.body, actor, { only_of }, sell)
        return findLead(sql, workspace_id, id)
      })
    },
  )

  app.post(
    '/leads/:id/move',
    {
      schema: {
        tags,
        summary: 'Put a lead down on the board',
        description:
          'In a column of its pipeline: below a card (`below_id`), above one (`above_id`), or on top. 409 `conflict` when the cards are ' +
          'not there any more.',
        params: IdParams,
        body: LeadMove,
        response: answers(200, LeadShown),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor, only_of } = await authorizeChange(context, request)
      const { id } = request.params
      return answerOnce(database, { workspace_id, request, reply }, 200, async sql => {
        await moveLead(sql, workspace_id, id, request.body, actor, { only_of }, sell)
        return findLead(sql, workspace_id, id)
      })
    },
  )

  app.get(
    '/leads/:id/events',
    {
      schema: {
        tags,
        summary: 'What was changed about a lead and its tasks, the newest first',
        params: IdParams,
        querystring: Paged,
        response: answers(200, Page(LeadEvent)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listLeadEvents(sql, workspace_id, request.params.id, request.query))
    },
  )

  await taskRoutes(app, context)
  await pipelineRoutes(app, context)
  await typeRoutes(app, context)
  await ruleRoutes(app, context)
}
