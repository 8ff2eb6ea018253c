import type { OverviewReport, Rate } from '../../../../shared/journeys.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { spanWords } from '../period.ts'
import { percent } from '../words.ts'
import { Panel } from './Panel.tsx'
import { useSheetOf } from './scope.ts'
import { aimWords, RATES, verdict } from './words.ts'

/** The rates that a funnel lives by, each beside what is good. */
export function Aims({ report, compare }: { report: OverviewReport; compare: boolean }) {
  const sheet = useSheetOf('overview_report')
  const { rates, from, to } = report
  return (
    <Panel
      title="Rates and aims"
      about="What good funnels reach. The band is the aim, the line is where you are."
      file={`rates-${from}-${to}`}
      sheet={sheet('rate')}
      span={spanWords(from, to)}
      drawn={false}
      columns={[
        { name: 'Rate' },
        { name: 'Value', say: percent },
        ...(compare ? [{ name: 'Before', say: percent }] : []),
        { name: 'Aim' },
        { name: 'Verdict' },
      ]}
      rows={rates.map(({ name, value, previous, target }) => [
        RATES[name].label,
        value,
        ...(compare ? [previous] : []),
        aimWords(target),
        verdict(value, target).words,
      ])}
    >
      <ul className="aims">
        {rates.map(rate => (
          <Aim key={rate.name} rate={rate} compare={compare} />
        ))}
      </ul>
    </Panel>
  )
}

function Aim({ rate: { name, value, previous, target }, compare }: { rate: Rate; compare: boolean }) {
  const { words, tone } = verdict(value, target)
  const { label, about } = RATES[name]
  return (
    <li>
      <b>{label}</b>
      <Pill tone={tone}>{words}</Pill>
      <span className="aims-value number">{percent(value)}</span>
      <Meter value={value} target={target} />
      <small>
        {about}; aim {aimWords(target)}
        {compare && previous !== null && `; before ${percent(previous)}`}
      </small>
    </li>
  )
}

/** Nothing in it that the words beside it do not say. */
function Meter({ value, target: { from, to } }: Pick<Rate, 'value' | 'target'>) {
  const most = Math.min(1, Math.max((to ?? from) * 1.6, (value ?? 0) * 1.1))
  const at = (share: number) => `${(100 * Math.min(share, most)) / most}%`
  return (
    <div className="meter" aria-hidden>
      <i style={{ left: at(from), width: `calc(${at(to ?? most)} - ${at(from)})` }} />
      {value !== null && <b style={{ left: at(value) }} />}
    </div>
  )
}
