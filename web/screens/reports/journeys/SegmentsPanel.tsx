import type { EngagementReport } from '../../../../shared/journeys.ts'
import { Bars } from '../../../charts/Bars.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { SEGMENTS } from '../../contacts/stages.tsx'
import { spanWords } from '../period.ts'
import { percent } from '../words.ts'
import { COMPARED, Panel } from './Panel.tsx'
import { useBehind, useSheetOf } from './scope.ts'

/** How those who registered fall into segments. */
export function SegmentsPanel({ report, compare }: { report: EngagementReport; compare: boolean }) {
  const sheet = useSheetOf('engagement_report')
  const behind = useBehind()
  const { segments, totals, previous, from, to } = report
  const shareOf = (people: number, all: number) => (all ? people / all : 0)
  const nameOf = (segment: EngagementReport['segments'][number]['segment']) =>
    segment ? SEGMENTS[segment].label : 'Too early to tell'
  return (
    <Panel
      title="Segments"
      about="How much those watched who registered in this period."
      file={`segments-${from}-${to}`}
      sheet={sheet('segment')}
      span={`Of those who registered ${spanWords(from, to)}`}
      legend={compare ? COMPARED : undefined}
      columns={[
        { name: 'Segment' },
        { name: 'People', link: row => linkOf(behind, segments[row]!.segment) },
        { name: 'Share', say: percent },
        ...(compare ? [{ name: 'Earlier period' }, { name: 'Earlier share', say: percent }] : []),
      ]}
      rows={segments.map(({ segment, people, previous: earlier }) => [
        nameOf(segment),
        people,
        shareOf(people, totals.registered),
        ...(compare ? [earlier, shareOf(earlier, previous.registered)] : []),
      ])}
    >
      <Bars
        label="Segments"
        bars={segments.map(({ segment, people, previous: earlier }) => ({
          key: segment ?? 'none',
          label: nameOf(segment),
          share: shareOf(people, totals.registered),
          ...(compare && { before: shareOf(earlier, previous.registered) }),
          value: whole(people),
          note: percent(shareOf(people, totals.registered)),
          says: `${nameOf(segment)}: ${count(people, 'person', 'people')}, ${percent(shareOf(people, totals.registered))}`,
          link: people ? linkOf(behind, segment) : undefined,
          quiet: segment === null || segment === 'no_show',
        }))}
      />
    </Panel>
  )
}

function linkOf(behind: ReturnType<typeof useBehind>, segment: EngagementReport['segments'][number]['segment']) {
  return segment ? behind(`segment:${segment}`) : undefined
}
