import { Readable } from 'node:stream'
import Type from 'typebox'
import {
  Erasure,
  ErasureCreate,
  ErasurePreview,
  ErasuresQuery,
  KeptPlaces,
  PrivacySubject,
  Retention,
  RetentionPreview,
  RetentionQuery,
  RetentionUpdate,
} from '../../shared/privacy.ts'
import { Page } from '../../shared/shape.ts'
import { inWorkspace } from '../database/transaction.ts'
import { answerOnce } from '../http/idempotency.ts'
import type { App, Context } from '../http/routes.ts'
import { answers, SmallIdParams as params } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { archiveOf, noteArchive } from './archive.ts'
import { findErasure, listErasures, listPlaces } from './list.ts'
import { changeRetention, previewRetention, readRetention } from './retention.ts'
import { previewErasure, readAsked, startErasure } from './start.ts'

export async function privacyRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['privacy']

  app.get(
    '/privacy/places',
    {
      schema: {
        tags,
        summary: 'List what is kept of people, why, for how long, and what erasure does',
        response: answers(200, KeptPlaces),
      },
    },
    async request => {
      await authorize(context, request, 'read')
      return listPlaces(context.database.sealer !== undefined)
    },
  )

  app.get(
    '/privacy/erasures/preview',
    {
      schema: {
        tags,
        summary: 'Count what an erasure would find, by table',
        querystring: PrivacySubject,
        response: answers(200, ErasurePreview),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'admin')
      // As the system, whose eyes the erasure has: some of the places are not the server's to read.
      return database.system.begin(sql => previewErasure(sql, workspace_id, request.query)) as Promise<ErasurePreview>
    },
  )

  app.post(
    '/privacy/erasures',
    {
      schema: {
        tags,
        summary: 'Erase somebody',
        description:
          'By contact_id, e-mail or phone. CRMs are told first; then the contact, what it did, and every copy of what it said goes, in the ' +
          'background. It cannot be undone.',
        body: ErasureCreate,
        response: answers(201, Erasure),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return answerOnce(database, { workspace_id, request, reply }, 201, sql =>
        startErasure(sql, workspace_id, request.body, actor),
      )
    },
  )

  app.post(
    '/privacy/archives',
    {
      schema: {
        tags,
        summary: 'Everything that is known of somebody, as lines of JSON',
        description:
          'The first line says whom it is about; then each table has a line that says what it is, and a line for each row.',
        body: PrivacySubject,
        response: answers(200, Type.String()),
      },
    },
    async (request, reply) => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      const asked = await readAsked(database.system, workspace_id, request.body)
      await noteArchive(database.system, workspace_id, asked, actor)
      reply.header('content-disposition', 'attachment; filename="archive.jsonl"').type('application/x-ndjson')
      return reply.send(Readable.from(archiveOf(database.system, workspace_id, asked)) as never)
    },
  )

  app.get(
    '/privacy/erasures',
    {
      schema: {
        tags,
        summary: 'List erasures, the newest first',
        querystring: ErasuresQuery,
        response: answers(200, Page(Erasure)),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listErasures(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/privacy/erasures/:id',
    { schema: { tags, summary: 'Read an erasure: how far it is, and rows by table', params, response: answers(200, Erasure) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => findErasure(sql, workspace_id, request.params.id))
    },
  )

  app.get(
    '/privacy/retention',
    { schema: { tags, summary: 'Read how long people who do nothing, and events, are kept', response: answers(200, Retention) } },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => readRetention(sql, workspace_id))
    },
  )

  app.patch(
    '/privacy/retention',
    {
      schema: {
        tags,
        summary: 'Change how long people who do nothing, and events, are kept',
        description:
          'Once a day whoever did nothing for so long is archived or erased, and events of months that are so long ago are deleted. Look at the ' +
          'preview first: but for archiving it cannot be undone.',
        body: RetentionUpdate,
        response: answers(200, Retention),
      },
    },
    async request => {
      const { workspace_id, actor } = await authorize(context, request, 'admin')
      return inWorkspace(database, workspace_id, sql => changeRetention(sql, workspace_id, request.body, actor))
    },
  )

  app.get(
    '/privacy/retention/preview',
    {
      schema: {
        tags,
        summary: 'Count whom and what rules would archive and erase now',
        querystring: RetentionQuery,
        response: answers(200, RetentionPreview),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => previewRetention(sql, workspace_id, request.query))
    },
  )
}
