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

/** How the people behind a bar stand in the address: `registered:google`, `converted:` for those whom nobody sent. */
export const peopleOf = (of: 'registered' | 'converted', value: string) => `${of}:${value}`

/** The people behind a bar, the newest first. */
export function SentDrawer({ search, ask, report }: DashboardProps & { report: AttributionReport }) {
  const [, of, value = ''] = /^(registered|converted):(.*)$/s.exec(search.people ?? '') ?? []
  const is_known = of === 'registered' || of === 'converted'
  return (
    <PeopleDrawer title={is_known ? `${sentBy(value)}: ${of}` : undefined} close={() => ask({ people: undefined })}>
      {is_known && <People of={of} value={value} report={report} />}
    </PeopleDrawer>
  )
}

function People({ of, value, report }: { of: 'registered' | 'converted'; value: string; report: AttributionReport }) {
  const { funnel_id, from, to, model, by, currency } = report
  const asked = { funnel_id: funnel_id ?? undefined, from, to, model, by, value: value || undefined, of }
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
