import type { EngagementReport } from '../../../../shared/journeys.ts'
import { Bars } from '../../../charts/Bars.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { spanWords } from '../period.ts'
import { lasted, percent } from '../words.ts'
import { Panel } from './Panel.tsx'
import { useBehind, useSheetOf } from './scope.ts'
import { WITHIN } from './words.ts'

type Props = { report: EngagementReport }

/** How soon those convert who do. */
export function TimeToConversion({ report: { time_to_conversion, totals, from, to } }: Props) {
  const sheet = useSheetOf('engagement_report')
  const behind = useBehind()
  const all = time_to_conversion.reduce((sum, { people }) => sum + people, 0)
  const share = (people: number) => (all ? people / all : 0)
  return (
    <Panel
      title="Time to conversion"
      about={`From registration to the first conversion after it${totals.seconds_to_conversion === null ? '' : `: ${lasted(totals.seconds_to_conversion)} on average`}.`}
      file={`time-to-conversion-${from}-${to}`}
      sheet={sheet('time_to_conversion')}
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
            link: people > 0 ? behind(`within:${within}`) : undefined,
          }))}
        />
      ) : (
        <p className="reports-quiet">Nobody who registered in this period has converted yet.</p>
      )}
    </Panel>
  )
}
