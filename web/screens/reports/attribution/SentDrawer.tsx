import { useInfiniteQuery } from '@tanstack/react-query'
import type { AttributionReport } from '../../../../shared/attribution.ts'
import { attributionPeople } from '../../../api/attribution.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { dayWithYear } from '../../../ui/days.ts'
import { useList } from '../../../ui/list.ts'
import { count, money } from '../../../ui/numbers.ts'
import type { DashboardProps } from '../journeys/scope.ts'
import { PeopleDrawer, PeopleList } from '../PeopleDrawer.tsx'
import { spanWords } from '../period.ts'
import { sentBy } from './words.ts'

/**
 * How the people behind a number stand in the address: `registered:google`, `converted:` for those whom nobody sent, `registered-others` for
 * those who are in no group that the report shows.
 */
export const peopleOf = (of: 'registered' | 'converted', value: string | null) =>
  value === null ? `${of}-others` : `${of}:${value}`

/** How many groups the report shows by their names, when nothing else is asked for. */
const GROUPS = 100

/** The people behind a bar, the newest first. */
export function SentDrawer({ search, ask, report }: DashboardProps & { report: AttributionReport }) {
  const [, of, value] = /^(registered|converted)(?::(.*)|-others)$/s.exec(search.people ?? '') ?? []
  const is_known = of === 'registered' || of === 'converted'
  const title = `${value === undefined ? 'Others' : sentBy(value)}: ${of}`
  return (
    <PeopleDrawer title={is_known ? title : undefined} close={() => ask({ people: undefined })}>
      {is_known && <People of={of} value={value} report={report} />}
    </PeopleDrawer>
  )
}

function People({ of, value, report }: { of: 'registered' | 'converted'; value: string | undefined; report: AttributionReport }) {
  const { funnel_id, from, to, time_zone, model, by, currency } = report
  const whom = value === undefined ? { groups: GROUPS } : { value: value || undefined }
  const asked = { funnel_id: funnel_id ?? undefined, from, to, time_zone, model, by, ...whom, of }
  const list = useList(useInfiniteQuery(attributionPeople(useWorkspaceId(), asked)))
  const span = spanWords(from, to)
  return (
    <PeopleList list={list} nobody={`Nobody ${span}.`} span={`${span}.`}>
      {({ conversions, revenue, day }) => {
        const won = conversions === null ? 'Registered' : `${count(conversions, 'conversion')}, ${money(revenue ?? 0, currency)}`
        return `${won} · ${dayWithYear(day)}`
      }}
    </PeopleList>
  )
}
