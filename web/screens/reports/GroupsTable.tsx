import { Table } from '@mantine/core'
import type { ReactNode } from 'react'
import { count } from '../../ui/numbers.ts'
import { Change } from './Change.tsx'

type Group<Sums> = Sums & { value: string; previous: Sums }

type Props<Sums, G> = {
  /** Names the table for screen readers. */
  label: string
  /** What the groups are. */
  name: string
  report: { groups: G[]; others: (Sums & { groups: number | null; previous: Sums }) | null; totals: Sums; previous: Sums }
  group: (group: G) => ReactNode
  /** What stands beside the name of the rest: where its people are. */
  rest?: ReactNode
  columns: { key: string; name: string; muted?: boolean; cell: (now: Sums, before: Sums) => ReactNode }[]
}

/** The largest groups first, what is left in one row, and all of them together. */
export function GroupsTable<Sums, G extends Group<Sums>>({ label, name, report, group, rest, columns }: Props<Sums, G>) {
  const { groups, others, totals, previous } = report
  if (!groups.length) return null
  const cells = (now: Sums, before: Sums) =>
    columns.map(({ key, muted, cell }) => (
      <Table.Td key={key} ta="right" className={muted ? 'number muted' : 'number'}>
        {cell(now, before)}
      </Table.Td>
    ))
  return (
    <div className="reports-table">
      <Table verticalSpacing={9} highlightOnHover aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{name}</Table.Th>
            {columns.map(({ key, name }) => (
              <Table.Th key={key} ta="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(one => (
            <Table.Tr key={one.value}>
              <Table.Td className="reports-name">{group(one)}</Table.Td>
              {cells(one, one.previous)}
            </Table.Tr>
          ))}
          {others && (
            <Table.Tr>
              <Table.Td className="muted">
                {others.groups === null ? 'Others' : count(others.groups, 'other')}
                {rest}
              </Table.Td>
              {cells(others, others.previous)}
            </Table.Tr>
          )}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th>All</Table.Th>
            {cells(totals, previous)}
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </div>
  )
}

/** A number, and how it changed. */
export function changing<Sums>(of: (sums: Sums) => number, say: (value: number) => string) {
  return (now: Sums, before: Sums) => (
    <>
      <Change now={of(now)} before={of(before)} /> {say(of(now))}
    </>
  )
}
