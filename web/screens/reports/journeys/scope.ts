import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import type { JourneyReportQuery } from '../../../../shared/journeys.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { workspace } from '../../../api/workspaces.ts'
import { type ChartLink, chartLink } from '../../../charts/link.ts'
import type { Sheet } from '../../transfers/useSheet.ts'
import { type Asked, periodOf } from '../period.ts'

/** Of whom and when a dashboard is, as it stands in the address. */
export type Scope = Asked & {
  funnel_id?: string | undefined
  segment?: JourneyReportQuery['segment'] | undefined
  /** One of the workspace's own. */
  segment_id?: number | undefined
  utm_source?: string | undefined
  /** Contacts of whom this property is `property_value`. */
  property_name?: string | undefined
  property_value?: string | undefined
  /** The workspace's without. */
  time_zone?: string | undefined
  /** False: without the period before. */
  compare?: boolean | undefined
  /** What the chart over time is of. */
  measure?: 'registrations' | 'views' | 'conversions' | 'revenue' | undefined
  /** The people behind which bar are looked at (behind.ts). */
  people?: string | undefined
}

export type DashboardProps = { search: Scope; ask: (change: Scope) => void }

export type AskedReport = ReturnType<typeof useAsked>['asked']

/** What the API is asked for, with days that are named: those of the workspace's zone, unless another one is chosen. */
export function useAsked(search: Scope) {
  const { data } = useQuery(workspace(useWorkspaceId()))
  const zone = data?.time_zone ?? 'UTC'
  const time_zone = search.time_zone ?? zone
  const { funnel_id, segment, segment_id, utm_source } = search
  const asked = {
    ...periodOf(search, Date.now(), time_zone),
    time_zone,
    funnel_id,
    segment,
    segment_id,
    utm_source,
    rule: ruleOf(search),
  }
  return { asked, zone, ready: data !== undefined }
}

function ruleOf({ property_name: name, property_value: value }: Scope): string | undefined {
  return name && value ? JSON.stringify({ kind: 'property', name, is: 'equals', value }) : undefined
}

/** What is asked of a dashboard, with the rows of one of its panels alone. */
export function useSheetOf(of: 'overview_report' | 'engagement_report'): (row: string) => Sheet {
  const search = route.useSearch()
  const { asked } = useAsked(search)
  return row => ({ of, query: { ...asked, row, compare: search.compare } })
}

const route = getRouteApi('/w/$workspaceId/reports')

/** Leads to the people behind a bar. */
export function useBehind(): (people: string) => ChartLink {
  const router = useRouter()
  const params = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return people => {
    const wanted = { ...search, people }
    const { href } = router.buildLocation({ to: '/w/$workspaceId/reports', params, search: wanted })
    return chartLink(href, () => void navigate({ search: wanted }))
  }
}
