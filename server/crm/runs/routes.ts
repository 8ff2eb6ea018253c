import Type from 'typebox'
import { CrmFinalized, CrmRun, CrmRunCreate, CrmRunMember, CrmRunMembersQuery, CrmRunsQuery } from '../../../shared/crm.ts'
import { type Actor, Page } from '../../../shared/shape.ts'
import type { Sql } from '../../database/connect.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { sendCsv } from '../../http/csv.ts'
import { answerOnce } from '../../http/idempotency.ts'
import type { App, Context } from '../../http/routes.ts'
import { answers, SmallIdParams as params } from '../../http/shapes.ts'
import { authorize } from '../../workspaces/authenticate.ts'
import { EXPORTED, type Exported, readExport } from './export.ts'
import { findRun, listRunMembers, listRuns, seeRun } from './list.ts'
import { resumeRun, startRun, stopRun } from './start.ts'
import { finalize } from './validate/finalize.ts'

/** Walks over members, weekly reads of sustainers, loads of what was logged. */
export async function runRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['crm']

  app.get(
    '/crm/runs',
    {
      schema: {
        tags,
        summary: 'List runs, the newest first',
        querystring: CrmRunsQuery,
        response: answers(200, Page(CrmRun)),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listRuns(sql, workspace_id, request.query, userOf(actor)))
    },
  )

  app.post(
    '/crm/runs',
    {
      schema: {
        tags,
        summary: 'Begin a run',
        description:
          '`validate` asks a CRM for every member that has an id of another one, and writes down by which id it knows them. `sustainers` reads who ' +
          'sustains. Of each kind one runs at a time on a connection.',
        body: CrmRunCreate,
        response: answers(201, CrmRun),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql => startRun(sql, workspace_id, request.body, actor))
    },
  )

  app.get(
    '/crm/runs/:id',
    { schema: { tags, summary: 'Read a run: how far it is, and counts by state', params, response: answers(200, CrmRun) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findRun(sql, workspace_id, request.params.id))
    },
  )

  app.post(
    '/crm/runs/:id/seen',
    { schema: { tags, summary: 'Say that you looked at how a run ended', params, response: answers(200, CrmRun) } },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => seeRun(sql, workspace_id, request.params.id, userOf(actor)))
    },
  )

  app.post(
    '/crm/runs/:id/stop',
    {
      schema: { tags, summary: 'Stop a run; it can be resumed', params, response: answers(200, CrmRun) },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => stopRun(sql, workspace_id, request.params.id))
    },
  )

  app.post(
    '/crm/runs/:id/resume',
    {
      schema: {
        tags,
        summary: 'Go on with a run',
        description: 'Members that are in a state of failure are asked for again; those who were found are not.',
        params,
        response: answers(200, CrmRun),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => resumeRun(sql, workspace_id, request.params.id))
    },
  )

  app.get(
    '/crm/runs/:id/members',
    {
      schema: {
        tags,
        summary: 'List the members of a run',
        params,
        querystring: CrmRunMembersQuery,
        response: answers(200, Page(CrmRunMember)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { id } = request.params
      return inWorkspace(database, workspace_id, async sql => {
        await findRun(sql, workspace_id, id)
        return listRunMembers(sql, workspace_id, id, request.query)
      })
    },
  )

  app.get(
    '/crm/runs/:id/members.csv',
    {
      schema: {
        tags,
        summary: 'Read the members of a run as a file',
        description:
          'With the code that a failure has in the log. Texts that a spreadsheet would run as a formula get an apostrophe in front.',
        params,
        querystring: Type.Pick(CrmRunMembersQuery, ['state']),
      },
    },
    async (request, reply) => {
      const { workspace_id } = await authorize(context, request, 'read')
      const { id } = request.params
      const read = <T>(work: (sql: Sql) => Promise<T>) => inWorkspace(database, workspace_id, work)
      await read(sql => findRun(sql, workspace_id, id))
      const name = `members of run ${id}${request.query.state ? ` ${request.query.state}` : ''}.csv`
      return sendCsv<Exported>(reply, name, EXPORTED, next =>
        read(sql => readExport(sql, workspace_id, id, { ...next, ...request.query })),
      )
    },
  )

  app.post(
    '/crm/runs/:id/finalize',
    {
      schema: {
        tags,
        summary: 'End a migration: drop the old ids',
        description:
          'Deletes the ids of the CRM before and switches its connection off. Refused with `in_use`, and the counts by state, while anybody with an old ' +
          'id was not found.',
        params,
        response: answers(200, CrmFinalized),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return finalize(database, workspace_id, request.params.id, actor)
    },
  )
}

function userOf({ kind, id }: Actor): number | null {
  return kind === 'user' ? (id ?? null) : null
}
