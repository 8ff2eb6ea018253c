import { SegmentedControl } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { BULK_ROW_STATES, type BulkRow } from '../../../shared/bulk.ts'
import type { Transfer } from '../../../shared/transfers.ts'
import { bulkRows, bulkRowsFile } from '../../api/transfers.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'
import { LogList } from '../../ui/LogList.tsx'
import { whole } from '../../ui/numbers.ts'
import { Pill } from '../../ui/Pill.tsx'
import type { Column } from '../../ui/TableHead.tsx'
import { CsvLink } from '../crm/CsvLink.tsx'
import { ROW_STATES } from './words.ts'

const nothing = <span className="muted">–</span>

const columns: Column<BulkRow>[] = [
  { key: 'who', title: 'Who', width: 'minmax(0, 1fr)', cell: row => nameOf(row) },
  { key: 'email', title: 'E-mail', width: 'minmax(0, 1.2fr)', cell: ({ email }) => email ?? nothing },
  { key: 'state', title: 'Result', width: '110px', cell: row => <RowState row={row} /> },
  { key: 'reason', title: 'Why', width: 'minmax(0, 1.6fr)', cell: ({ reason }) => reason ?? nothing },
]

/** What became of each, all of them or those that came to the same. */
export function BulkResult({ transfer: { id, counts } }: { transfer: Transfer }) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  const [state, choose] = useState<BulkRow['state']>()
  const open = ({ contact_id }: BulkRow) => {
    if (contact_id === null) return
    const params = { workspaceId: String(workspace_id), contactId: String(contact_id) }
    void navigate({ to: '/w/$workspaceId/contacts/$contactId', params, search: {} })
  }
  const states = BULK_ROW_STATES.filter(one => (counts[one] ?? 0) > 0)
  return (
    <LogList
      label="Results"
      query={bulkRows(workspace_id, id, { state })}
      columns={columns}
      row_key={({ position }) => position}
      open={open}
      compact={row => <CompactRow row={row} />}
      choose={undefined}
      filters={
        <search className="toolbar">
          <SegmentedControl
            aria-label="Result"
            value={state ?? 'all'}
            onChange={value => choose(value === 'all' ? undefined : (value as BulkRow['state']))}
            data={[
              { value: 'all', label: 'All' },
              ...states.map(value => ({ value, label: `${ROW_STATES[value].label} ${whole(counts[value] ?? 0)}` })),
            ]}
          />
          <CsvLink href={bulkRowsFile(workspace_id, id, { state })} label="Download these results as CSV" />
        </search>
      }
      empty={
        <Empty icon={IconUsers} title="Nobody">
          Nobody matched when this began.
        </Empty>
      }
    />
  )
}

function nameOf({ name, email, record_id }: BulkRow) {
  return name ?? email ?? `Number ${record_id}`
}

function RowState({ row: { state } }: { row: BulkRow }) {
  const { label, tone } = ROW_STATES[state]
  return <Pill tone={tone}>{label}</Pill>
}

function CompactRow({ row }: { row: BulkRow }) {
  return (
    <div className="transfer-compact">
      <span className="cut">{nameOf(row)}</span>
      <RowState row={row} />
      <span className="cut muted">{row.reason ?? row.email}</span>
    </div>
  )
}
