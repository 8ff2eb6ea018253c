import { Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { LeadReport, LeadReportDimension, LeadSums } from '../../../shared/reports.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { count, money, whole } from '../../ui/numbers.ts'
import { Change } from './Change.tsx'
import { DIMENSIONS, filterOf, groupName, lasted, percent } from './words.ts'

/** The most leads first; each number with how it changed. */
export function LeadsTable({ report: { by, groups, others, totals, previous, currency } }: { report: LeadReport }) {
  if (!groups.length) return null
  return (
    <div className="reports-table">
      <Table verticalSpacing={9} highlightOnHover aria-label={`Leads by ${DIMENSIONS[by].toLowerCase()}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{DIMENSIONS[by]}</Table.Th>
            <Table.Th ta="right">Leads</Table.Th>
            <Table.Th ta="right">Before</Table.Th>
            <Table.Th ta="right">Converted</Table.Th>
            <Table.Th ta="right">Rate</Table.Th>
            <Table.Th ta="right">Revenue</Table.Th>
            <Table.Th ta="right">Until it converts</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(group => (
            <Table.Tr key={group.value}>
              <Table.Td className="reports-name">
                <GroupLink by={by} group={group} />
              </Table.Td>
              <Sums now={group} before={group.previous} currency={currency} />
            </Table.Tr>
          ))}
          {others && (
            <Table.Tr>
              <Table.Td className="muted">{count(others.groups, 'other')}</Table.Td>
              <Sums now={others} before={others.previous} currency={currency} />
            </Table.Tr>
          )}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th>All</Table.Th>
            <Sums now={totals} before={previous} currency={currency} />
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </div>
  )
}

function GroupLink({ by, group }: { by: LeadReportDimension; group: LeadReport['groups'][number] }) {
  const workspaceId = String(useWorkspaceId())
  const search = filterOf(by, group.value)
  const name = groupName(by, group)
  if (!search) return <span className="muted">{name}</span>
  return (
    <Link className="text-link" to="/w/$workspaceId/leads" params={{ workspaceId }} search={search}>
      {name}
    </Link>
  )
}

function Sums({ now, before, currency }: { now: LeadSums; before: LeadSums; currency: string }) {
  return (
    <>
      <Table.Td ta="right" className="number">
        <Change now={now.leads} before={before.leads} /> {whole(now.leads)}
      </Table.Td>
      <Table.Td ta="right" className="number muted">
        {whole(before.leads)}
      </Table.Td>
      <Table.Td ta="right" className="number">
        {whole(now.converted)}
      </Table.Td>
      <Table.Td ta="right" className="number">
        {percent(now.rate)}
      </Table.Td>
      <Table.Td ta="right" className="number">
        <Change now={now.revenue} before={before.revenue} /> {money(now.revenue, currency)}
      </Table.Td>
      <Table.Td ta="right" className="number">
        {lasted(now.seconds_to_conversion)}
      </Table.Td>
    </>
  )
}
