import { Engagement, type EngagementReport, Happened, JourneyReportQuery, type OverviewReport } from '../../../shared/journeys.ts'
import { type Kind, kindsOf } from '../kinds.ts'
import { reportEngagement } from './engagement.ts'
import { reportOverview } from './overview.ts'
import { readScope } from './scope.ts'

type Kinds<R> = Record<string, Kind<R, JourneyReportQuery>>

const withBefore = (names: string[]) => [...names, ...names.map(name => `previous.${name}`)]

const OVERVIEW: Kinds<OverviewReport> = {
  interval: {
    columns: withBefore(Object.keys(Happened.properties)),
    rows: ({ series, previous_series }) =>
      series.map(({ day, ...happened }, k) => ({ value: day, ...happened, previous: previous_series[k] })),
  },
  step: {
    columns: withBefore(['people', 'rate']),
    rows: ({ steps }) => steps.map(({ step, ...counted }) => ({ value: step, ...counted })),
  },
  rate: {
    columns: ['rate', 'previous.rate', 'target.from', 'target.to'],
    rows: ({ rates }) =>
      rates.map(({ name, value, previous, target }) => ({ value: name, rate: value, previous: { rate: previous }, target })),
  },
  total: {
    columns: withBefore(Object.keys(Happened.properties)),
    rows: ({ totals, previous }) => [{ value: null, ...totals, previous }],
  },
}

const ENGAGEMENT: Kinds<EngagementReport> = {
  segment: {
    columns: withBefore(['people']),
    rows: ({ segments }) =>
      segments.map(({ segment, people, previous }) => ({ value: segment, people, previous: { people: previous } })),
  },
  watched: { columns: ['from', 'to', 'people'], rows: ({ histogram }) => histogram.map(bar => ({ value: null, ...bar })) },
  time_to_conversion: {
    columns: ['people'],
    rows: ({ time_to_conversion }) => time_to_conversion.map(({ within, people }) => ({ value: within, people })),
  },
  total: {
    columns: withBefore(Object.keys(Engagement.properties)),
    rows: ({ totals, previous }) => [{ value: null, ...totals, previous }],
  },
}

/** What the dashboards show, as rows of a file. */
export const JOURNEY_TABLES = {
  overview_report: kindsOf(
    JourneyReportQuery,
    (sql, workspace_id, query: JourneyReportQuery) => reportOverview(sql, workspace_id, readScope(query)),
    OVERVIEW,
  ),
  engagement_report: kindsOf(
    JourneyReportQuery,
    (sql, workspace_id, query: JourneyReportQuery) => reportEngagement(sql, workspace_id, readScope(query)),
    ENGAGEMENT,
  ),
}
