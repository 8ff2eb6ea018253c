import { Fragment } from 'react'
import type { ChartLink } from './link.ts'
import { useWidth } from './useWidth.ts'
import './bars.css'

export type Bar = {
  key: string
  label: string
  /** Of the longest that there can be, 0 to 1. */
  share: number
  /** The same in the period before. */
  before?: number | undefined
  /** What stands at its end: at most two, the first in bold. */
  value: string
  note?: string
  /** For whoever does not see it, and where it leads. */
  says: string
  link?: ChartLink | undefined
  /** What was lost on the way here from the bar above. */
  lost?: { text: string; says: string; link?: ChartLink | undefined } | undefined
  quiet?: boolean
}

/** `above`: the labels stand above their bars, as they always do on a phone; for long ones. */
type Props = { label: string; bars: Bar[]; above?: boolean }

const LABEL = 118
const END = 118
const LINE = 18
/** Width of a letter, rather too much than too little. */
const LETTER = 7.5

/**
 * Bars that lie, with a thin line for the time before. Drawn by itself rather than by the library: each bar is a link,
 * and the words stay readable on a phone.
 */
export function Bars({ label, bars, above = false }: Props) {
  const { ref, width } = useWidth()
  const narrow = above || width < 420
  const left = narrow ? 0 : LABEL
  const room = Math.max(0, width - left - (narrow ? 0 : END))
  const height = narrow ? 46 : 36
  let top = 0
  const placed = bars.map(bar => {
    const lost_at = top
    if (bar.lost) top += LINE
    const at = top
    top += height
    return { ...bar, at, lost_at }
  })
  return (
    <div className="bars" ref={ref}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn
        <svg width={width} height={top} role="group" aria-label={label}>
          {placed.map(bar => (
            <Fragment key={bar.key}>
              {bar.lost && (
                <Linked link={bar.lost.link} says={bar.lost.says}>
                  <text className="bars-lost" x={left} y={bar.lost_at + LINE - 5}>
                    {bar.lost.text}
                  </text>
                </Linked>
              )}
              <Linked link={bar.link} says={bar.says}>
                <rect className="bars-row" x={0} y={bar.at} width={width} height={height} rx={4} />
                <text className="bars-label" x={0} y={bar.at + (narrow ? 16 : height - 10.5)}>
                  {above ? shortened(bar.label, (width - END) / LETTER) : bar.label}
                </text>
                <rect className="bars-track" x={left} y={bar.at + height - 22} width={room} height={14} rx={2} />
                <rect
                  className="bars-bar"
                  data-quiet={bar.quiet || undefined}
                  x={left}
                  y={bar.at + height - 22}
                  width={Math.max(bar.share > 0 ? 2 : 0, room * Math.min(1, bar.share))}
                  height={14}
                  rx={2}
                />
                {bar.before !== undefined && (
                  <rect
                    className="bars-before"
                    x={left}
                    y={bar.at + height - 6}
                    width={room * Math.min(1, bar.before)}
                    height={2}
                  />
                )}
                <text className="bars-value" x={width} y={bar.at + (narrow ? 16 : height - 10.5)} textAnchor="end">
                  <tspan className="bars-strong">{bar.value}</tspan>
                  {bar.note && <tspan dx={6}>{bar.note}</tspan>}
                </text>
              </Linked>
            </Fragment>
          ))}
        </svg>
      )}
    </div>
  )
}

function shortened(text: string, most: number) {
  return text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text
}

export function Linked({ link, says, children }: { link: ChartLink | undefined; says: string; children: React.ReactNode }) {
  if (link) {
    return (
      <a className="bars-link" href={link.href} onClick={link.onClick} aria-label={says}>
        {children}
      </a>
    )
  }
  return (
    <g>
      <title>{says}</title>
      {children}
    </g>
  )
}
