import { AttributionPeople, AttributionPeopleQuery, AttributionReport, AttributionReportQuery } from '../../shared/attribution.ts'
import {
  AppointmentReport,
  AppointmentReportQuery,
  ConversionReport,
  ConversionReportQuery,
  LeadReport,
  LeadReportQuery,
} from '../../shared/reports.ts'
import { inWorkspace } from '../database/transaction.ts'
import type { App, Context } from '../http/routes.ts'
import { answers } from '../http/shapes.ts'
import { authorize } from '../workspaces/authenticate.ts'
import { reportAppointments } from './appointments.ts'
import { reportAttribution } from './attribution.ts'
import { listAttributed } from './attribution-people.ts'
import { reportConversions } from './conversions.ts'
import { funnelReportRoutes } from './funnel/routes.ts'
import { healthReportRoutes } from './health/routes.ts'
import { journeyReportRoutes } from './journeys/routes.ts'
import { labelsOf } from './labels.ts'
import { reportLeads } from './leads.ts'

export async function reportRoutes(app: App, context: Context) {
  const { database } = context
  const tags = ['reports']
  await funnelReportRoutes(app, context)
  await healthReportRoutes(app, context)
  await journeyReportRoutes(app, context)

  app.get(
    '/reports/leads',
    {
      schema: {
        tags,
        summary: 'Leads by where they came from, who has them or what they want',
        description:
          'How many came, how many of them converted, what they brought and how fast, with the period before. A lead counts on the day ' +
          'on which it came, in UTC. Test leads do not count.',
        querystring: LeadReportQuery,
        response: answers(200, LeadReport),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql =>
        reportLeads(sql, workspace_id, request.query, labelsOf(database, workspace_id)),
      )
    },
  )

  app.get(
    '/reports/appointments',
    {
      schema: {
        tags,
        summary: 'Appointments and who showed up, by person, type or where they came from',
        description:
          'How many were booked, took place, were missed or cancelled, and what came of them, with the period before. An appointment counts on ' +
          'the day on which it begins, in UTC. Tests do not count.',
        querystring: AppointmentReportQuery,
        response: answers(200, AppointmentReport),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql =>
        reportAppointments(sql, workspace_id, request.query, labelsOf(database, workspace_id)),
      )
    },
  )

  app.get(
    '/reports/attribution',
    {
      schema: {
        tags,
        summary: 'Who sent those who registered and converted',
        description:
          'Two things beside each other, for each source, medium, campaign, term, content, referrer or referral code. People who registered on ' +
          'these days by what first brought them, and how far they came, up to now. And the conversions of these days, each shared among the ' +
          'visits of the ninety days before it that somebody sent: `first_touch` and `last_touch` give all of it to one visit, `linear` the same ' +
          'to each, `time_decay` half as much to a visit a week earlier, `position_based` 40 % to the first, 40 % to the last and the rest to ' +
          'those in between. Revenue is of all conversions of a funnel; conversions count where they are its goal.',
        querystring: AttributionReportQuery,
        response: answers(200, AttributionReport),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => reportAttribution(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/reports/attribution/people',
    {
      schema: {
        tags,
        summary: 'The people behind a number of the report of attribution',
        description: 'Who registered, or converted, and is counted with a value; the newest first.',
        querystring: AttributionPeopleQuery,
        response: answers(200, AttributionPeople),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => listAttributed(sql, workspace_id, request.query))
    },
  )

  app.get(
    '/reports/conversions',
    {
      schema: {
        tags,
        summary: 'Conversions and revenue by type or day',
        description: 'With the period before. A conversion counts on the day on which it happened, in UTC.',
        querystring: ConversionReportQuery,
        response: answers(200, ConversionReport),
      },
    },
    async request => {
      const { workspace_id } = await authorize(context, request, 'read')
      return inWorkspace(database, workspace_id, sql => reportConversions(sql, workspace_id, request.query))
    },
  )
}
