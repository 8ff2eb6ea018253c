import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { EngagementReport as Report } from '../../../../shared/journeys.ts'
import { engagementReport } from '../../../api/journeys.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Bars } from '../../../charts/Bars.tsx'
import { Columns } from '../../../charts/Columns.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { SEGMENTS } from '../../contacts/stages.tsx'
import { spanWords } from '../period.ts'
import { lasted, percent } from '../words.ts'
import { percentSpan } from './behind.ts'
import { Dashboard } from './Dashboard.tsx'
import { DashboardHead } from './DashboardHead.tsx'
import { EngagementFigures } from './EngagementFigures.tsx'
import { COMPARED, Panel } from './Panel.tsx'
import { type DashboardProps, useAsked, useBehind } from './scope.ts'
import { WITHIN } from './words.ts'

/** How much those who registered watch, and how soon they convert. */
export function EngagementReport(props: DashboardProps) {
  const scope = useAsked(props.search)
  const report = useQuery({
    ...engagementReport(useWorkspaceId(), scope.asked),
    enabled: scope.ready,
    placeholderData: keepPreviousData,
  })
  return (
    <Dashboard {...props} scope={scope} report={report}>
      {report => <Loaded report={report} compare={props.search.compare ?? true} />}
    </Dashboard>
  )
}

function Loaded({ report, compare }: { report: Report; compare: boolean }) {
  return (
    <>
      <DashboardHead report={report} compare={compare}>
        <EngagementFigures report={report} compare={compare} />
      </DashboardHead>
      <div className="dashboard-pair">
        <Segments report={report} compare={compare} />
        <TimeToConversion report={report} />
      </div>
      <Histogram report={report} />
    </>
  )
}

function Segments({ report, compare }: { report: Report; compare: boolean }) {
  const behind = useBehind()
  const { segments, totals, previous, from, to } = report
  const shareOf = (people: number, all: number) => (all ? people / all : 0)
  const nameOf = (segment: Report['segments'][number]['segment']) => (segment ? SEGMENTS[segment].label : 'Too early to tell')
  return (
    <Panel
      title="Segments"
      about="How much those watched who registered in this period."
      file={`segments-${from}-${to}`}
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

function linkOf(behind: ReturnType<typeof useBehind>, segment: Report['segments'][number]['segment']) {
  return segment ? behind(`segment:${segment}`) : undefined
}

function Histogram({ report: { histogram, totals, from, to } }: { report: Report }) {
  const behind = useBehind()
  const nameOf = (from: number, to: number) => (from === to ? `${from}%` : `${from}–${to}%`)
  return (
    <Panel
      title="How much they watched"
      about="People by the highest percentage that they reached."
      file={`watched-${from}-${to}`}
      span={`Of those who registered ${spanWords(from, to)}`}
      columns={[
        { name: 'Watched' },
        { name: 'People', link: row => behind(`percent:${histogram[row]!.from}-${histogram[row]!.to}`) },
        { name: 'Share', say: percent },
      ]}
      rows={histogram.map(({ from, to, people }) => [
        nameOf(from, to),
        people,
        totals.registered ? people / totals.registered : null,
      ])}
    >
      <Columns
        label="How much they watched"
        columns={histogram.map(({ from, to, people }) => ({
          key: String(from),
          label: nameOf(from, to),
          short: String(from),
          value: people,
          text: whole(people),
          says: `Watched ${percentSpan(from, to)}: ${count(people, 'person', 'people')}`,
          ...(people > 0 && { link: behind(`percent:${from}-${to}`) }),
        }))}
      />
    </Panel>
  )
}

function TimeToConversion({ report: { time_to_conversion, totals, from, to } }: { report: Report }) {
  const all = time_to_conversion.reduce((sum, { people }) => sum + people, 0)
  const share = (people: number) => (all ? people / all : 0)
  return (
    <Panel
      title="Time to conversion"
      about={`From registration to the first conversion after it${totals.seconds_to_conversion === null ? '' : `: ${lasted(totals.seconds_to_conversion)} on average`}.`}
      file={`time-to-conversion-${from}-${to}`}
      span={`Of those who registered ${spanWords(from, to)}`}
      columns={[{ name: 'Converted' }, { name: 'People' }, { name: 'Share', say: percent }]}
      rows={time_to_conversion.map(({ within, people }) => [WITHIN[within], people, all ? share(people) : null])}
    >
      {all ? (
        <Bars
          label="Time to conversion"
          bars={time_to_conversion.map(({ within, people }) => ({
            key: within,
            label: WITHIN[within],
            share: share(people),
            value: whole(people),
            note: percent(share(people)),
            says: `${WITHIN[within]}: ${count(people, 'person', 'people')}, ${percent(share(people))}`,
          }))}
        />
      ) : (
        <p className="reports-quiet">Nobody who registered in this period has converted yet.</p>
      )}
    </Panel>
  )
}
