import { Linked } from './Bars.tsx'
import type { ChartLink } from './link.ts'
import { useWidth } from './useWidth.ts'
import './bars.css'

export type Column = { key: string; label: string; short: string; value: number; text: string; says: string; link?: ChartLink }

const HEIGHT = 190
const TOP = 20
const FOOT = 20

/** Standing columns with their numbers on top, each a link. */
export function Columns({ label, columns }: { label: string; columns: Column[] }) {
  const { ref, width } = useWidth()
  const most = Math.max(1, ...columns.map(column => column.value))
  const step = width / Math.max(1, columns.length)
  const room = HEIGHT - TOP - FOOT
  return (
    <div className="bars" ref={ref}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn
        <svg width={width} height={HEIGHT} role="group" aria-label={label}>
          <line x1={0} x2={width} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} stroke="var(--line-strong)" />
          {columns.map(({ key, value, text, says, link, ...column }, index) => {
            const height = value ? Math.max(2, (value / most) * room) : 0
            const middle = step * (index + 0.5)
            return (
              <Linked key={key} link={link} says={says}>
                <rect className="bars-row" x={step * index + 1} y={0} width={Math.max(0, step - 2)} height={HEIGHT} rx={4} />
                <rect
                  className="bars-bar"
                  x={step * index + step * 0.12}
                  y={HEIGHT - FOOT - height}
                  width={step * 0.76}
                  height={height}
                />
                <text className="bars-quiet" x={middle} y={HEIGHT - FOOT - height - 5} textAnchor="middle">
                  {text}
                </text>
                <text className="bars-quiet" x={middle} y={HEIGHT - 5} textAnchor="middle">
                  {step < 44 ? column.short : column.label}
                </text>
              </Linked>
            )
          })}
        </svg>
      )}
    </div>
  )
}
