import './sparkline.css'

const WIDTH = 120
const HEIGHT = 24

/** How something went, small enough for a row of a list. `label` says it to whoever does not see it. */
export function Sparkline({ values, label }: { values: number[]; label: string }) {
  const most = Math.max(1, ...values)
  const step = WIDTH / Math.max(1, values.length)
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      <title>{label}</title>
      {values.map((value, index) => {
        const height = value ? Math.max(2, (value / most) * HEIGHT) : 1
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a column has no other name than its place
            key={index}
            data-empty={value === 0 || undefined}
            x={index * step}
            y={HEIGHT - height}
            width={Math.max(1, step - 1)}
            height={height}
          />
        )
      })}
    </svg>
  )
}
