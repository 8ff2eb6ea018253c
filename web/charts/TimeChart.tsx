import '@mantine/charts/styles.layer.css'
import { CompositeChart } from '@mantine/charts'
import './column-chart.css'

type Row = { name: string; now: number; before?: number }

type Props = {
  /** For whoever does not see it: what it says. */
  label: string
  rows: Row[]
  /** How a value is said, when it is not a number as it is. */
  say?: ((value: number) => string) | undefined
  /** Whether the time before is there as a thin line. */
  compared: boolean
}

/** One measure over time. Asked for lazily, because the library behind it is larger than all screens together. */
export default function TimeChart({ label, rows, say, compared }: Props) {
  return (
    <div className="column-chart" role="img" aria-label={label}>
      <CompositeChart
        h={240}
        data={rows}
        dataKey="name"
        curveType="linear"
        withDots={rows.length < 3}
        {...(say && { valueFormatter: say })}
        series={[
          ...(compared
            ? ([
                { name: 'before', label: 'The one before', color: 'var(--muted)', type: 'line', strokeDasharray: '3 3' },
              ] as const)
            : []),
          { name: 'now', label: 'This period', color: 'var(--accent)', type: 'area' },
        ]}
        lineProps={{ strokeWidth: 1.25, isAnimationActive: false }}
        areaProps={{ fillOpacity: 0.12, isAnimationActive: false }}
        composedChartProps={{ accessibilityLayer: false }}
        gridAxis="x"
        tickLine="none"
        yAxisProps={{ width: say ? 76 : 44, allowDecimals: false }}
        xAxisProps={{ minTickGap: 40 }}
        tooltipAnimationDuration={0}
      />
    </div>
  )
}
