import '@mantine/charts/styles.layer.css'
import { BarChart } from '@mantine/charts'
import './column-chart.css'

export type Series<T> = { name: keyof T & string; label: string; color: 'good' | 'bad' | 'accent' | 'plain' }

type Props<T> = {
  /** For whoever does not see it: what it says. */
  label: string
  rows: T[]
  /** What names a column below it. */
  by: keyof T & string
  series: Series<T>[]
  height?: number
  /** Beside one another instead of on top. */
  grouped?: boolean
  /** How a value is said, when it is not a number as it is. */
  say?: (value: number) => string
}

const COLORS = { good: 'var(--good)', bad: 'var(--bad)', accent: 'var(--accent)', plain: 'var(--faint)' }

/** Columns over time. Asked for lazily, because the library behind it is larger than all screens together. */
export default function ColumnChart<T extends Record<string, unknown>>({
  label,
  rows,
  by,
  series,
  height = 190,
  grouped,
  say,
}: Props<T>) {
  return (
    <div className="column-chart" role="img" aria-label={label}>
      <BarChart
        h={height}
        data={rows}
        dataKey={by}
        type={grouped ? 'default' : 'stacked'}
        {...(say && { valueFormatter: say })}
        series={series.map(({ name, label, color }) => ({ name, label, color: COLORS[color] }))}
        gridAxis="x"
        tickLine="none"
        maxBarWidth={26}
        barProps={{ isAnimationActive: false }}
        barChartProps={{ accessibilityLayer: false, barCategoryGap: '22%' }}
        yAxisProps={{ width: say ? 76 : 44, allowDecimals: false }}
        xAxisProps={{ minTickGap: 40 }}
        tooltipAnimationDuration={0}
        withLegend
        legendProps={{ verticalAlign: 'top', align: 'right', height: 28 }}
      />
    </div>
  )
}
