import { Link } from '@tanstack/react-router'
import type { LeadReport, LeadReportDimension, LeadSums } from '../../../shared/reports.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { money, whole } from '../../ui/numbers.ts'
import { changing, GroupsTable } from './GroupsTable.tsx'
import { DIMENSIONS, filterOf, groupName, lasted, percent } from './words.ts'

/** The most leads first; each number with how it changed. */
export function LeadsTable({ report }: { report: LeadReport }) {
  const { by, currency } = report
  const columns = [
    { key: 'leads', name: 'Leads', cell: changing<LeadSums>(sums => sums.leads, whole) },
    { key: 'leads before', name: 'Before', muted: true, cell: (_: LeadSums, before: LeadSums) => whole(before.leads) },
    { key: 'converted', name: 'Converted', cell: (now: LeadSums) => whole(now.converted) },
    { key: 'rate', name: 'Rate', cell: (now: LeadSums) => percent(now.rate) },
    {
      key: 'revenue',
      name: 'Revenue',
      cell: changing<LeadSums>(
        sums => sums.revenue,
        value => money(value, currency),
      ),
    },
    { key: 'lasted', name: 'Until it converts', cell: (now: LeadSums) => lasted(now.seconds_to_conversion) },
  ]
  return (
    <GroupsTable
      label={`Leads by ${DIMENSIONS[by].toLowerCase()}`}
      name={DIMENSIONS[by]}
      report={report}
      columns={columns}
      group={group => <GroupLink by={by} group={group} />}
    />
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
