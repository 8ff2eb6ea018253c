import type { AttributionReport, AttributionSums } from '../../../../shared/attribution.ts'
import { money, whole } from '../../../ui/numbers.ts'
import { changing, GroupsTable } from '../GroupsTable.tsx'
import { useBehind } from '../journeys/scope.ts'
import { percent } from '../words.ts'
import { peopleOf } from './SentDrawer.tsx'
import { sentBy, TOUCH_DIMENSIONS } from './words.ts'

type Sums = AttributionSums

/** The exact numbers: how far came whom somebody sent, and what of the conversions is theirs. */
export function WhoSentTable({ report }: { report: AttributionReport }) {
  const say = (value: number) => money(value, report.currency)
  const name = TOUCH_DIMENSIONS[report.by]
  const behind = useBehind()
  return (
    <GroupsTable
      label={`Attribution by ${name.toLowerCase()}`}
      name={name}
      report={report}
      group={({ value }) => (value ? value : <span className="muted">{sentBy(value)}</span>)}
      rest={
        <>
          {': '}
          <a className="text-link" {...behind(peopleOf('registered', null))}>
            who registered
          </a>
          {', '}
          <a className="text-link" {...behind(peopleOf('converted', null))}>
            who converted
          </a>
        </>
      }
      columns={[
        { key: 'registered', name: 'Registered', cell: changing<Sums>(sums => sums.registered, whole) },
        { key: 'viewed', name: 'Viewed', cell: (now: Sums) => whole(now.viewed) },
        { key: 'offer', name: 'Saw the offer', cell: (now: Sums) => whole(now.offer_viewed) },
        { key: 'converted', name: 'Converted', cell: (now: Sums) => whole(now.converted) },
        { key: 'rate', name: 'Rate', cell: (now: Sums) => percent(now.rate) },
        { key: 'conversions', name: 'Conversions', cell: changing<Sums>(sums => sums.conversions, whole) },
        { key: 'revenue', name: 'Revenue', cell: changing<Sums>(sums => sums.revenue, say) },
        { key: 'before', name: 'Before', muted: true, cell: (_: Sums, before: Sums) => say(before.revenue) },
      ]}
    />
  )
}
