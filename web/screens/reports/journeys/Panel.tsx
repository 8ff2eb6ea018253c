import { Button, Table } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useRef } from 'react'
import type { ChartLink } from '../../../charts/link.ts'
import { type Legend, savePicture } from '../../../charts/picture.ts'
import { whole } from '../../../ui/numbers.ts'
import { type Sheet, useSheet } from '../../transfers/useSheet.ts'

type PanelColumn = {
  name: string
  /** How a number is said; as a whole one without. */
  say?: (value: number) => string
  /** Leads on from the cell of a row. */
  link?: (row: number) => ChartLink | undefined
}

/** What is thick in a chart, and what is thin. */
export const COMPARED: Legend[] = [
  { label: 'This period', color: 'var(--accent)' },
  { label: 'The one before', color: 'var(--muted)', thin: true },
]

type Props = {
  title: string
  about?: string | undefined
  /** Of the picture that is saved, without its ending. */
  file: string
  /** What the server writes as a file, where it is not what the screen's own button has. */
  sheet?: Sheet
  /** The exact numbers that the chart shows. The first column names the row. */
  columns: PanelColumn[]
  rows: (string | number | null)[][]
  legend?: Legend[] | undefined
  /** What a picture says below its title. */
  span: string
  action?: ReactNode
  /** What is in it can be saved as a picture. */
  drawn?: boolean
  children: ReactNode
}

/** A chart that is read at a glance, its exact numbers below it, and both as files: the numbers from the server. */
export function Panel({ title, about, file, sheet, columns, rows, legend, span, action, drawn = true, children }: Props) {
  const chart = useRef<HTMLDivElement>(null)
  const save = () => {
    const svg = chart.current?.querySelector<SVGSVGElement>('svg')
    if (!svg) return
    savePicture(svg, { name: file, title, about: span, legend }).catch((error: Error) =>
      notifications.show({ color: 'red', title: 'The picture was not saved', message: error.message }),
    )
  }
  return (
    <section className="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {action}
        <div className="panel-save">
          {sheet && <SheetButton title={title} sheet={sheet} />}
          {drawn && (
            <Button variant="subtle" color="gray" size="compact-xs" aria-label={`Save ${title} as PNG`} onClick={save}>
              PNG
            </Button>
          )}
        </div>
      </header>
      {about && <p className="panel-about">{about}</p>}
      {legend && (
        <p className="panel-legend" aria-hidden>
          {legend.map(({ label, color, thin }) => (
            <span key={label}>
              <i style={{ background: color }} data-thin={thin || undefined} />
              {label}
            </span>
          ))}
        </p>
      )}
      <div ref={chart}>{children}</div>
      <details className="panel-numbers">
        <summary>Exact numbers</summary>
        <div className="panel-table">
          <Table verticalSpacing={6} aria-label={`${title}: exact numbers`}>
            <Table.Thead>
              <Table.Tr>
                {columns.map(({ name }, index) => (
                  <Table.Th key={name} ta={index ? 'right' : 'left'}>
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row, at) => (
                <Table.Tr key={String(row[0])}>
                  {columns.map((column, index) => (
                    <Table.Td key={column.name} ta={index ? 'right' : 'left'} className={index ? 'number' : undefined}>
                      <Cell value={row[index] ?? null} column={column} row={at} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </details>
    </section>
  )
}

/** The exact numbers as a file. */
export function SheetButton({ title, sheet }: { title: string; sheet: Sheet }) {
  const { save, pending, may } = useSheet()
  if (!may) return null
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-xs"
      aria-label={`Save ${title} as CSV`}
      loading={pending}
      onClick={() => void save(sheet)}
    >
      CSV
    </Button>
  )
}

function Cell({
  value,
  column: { say = whole, link },
  row,
}: {
  value: string | number | null
  column: PanelColumn
  row: number
}) {
  const words = value === null ? '–' : typeof value === 'number' ? say(value) : value
  const to = value ? link?.(row) : undefined
  if (!to) return words
  return (
    <a className="text-link" {...to}>
      {words}
    </a>
  )
}
