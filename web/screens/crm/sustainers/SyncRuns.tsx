import { IconRefresh } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { CrmRun } from '../../../../shared/crm.ts'
import { crmRuns } from '../../../api/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { LogList } from '../../../ui/LogList.tsx'
import { whole } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { actorName } from '../../activities/words.ts'
import { RunState } from '../runs/columns.tsx'

const counted = (title: string, name: string): Column<CrmRun> => ({
  key: name,
  title,
  width: '76px',
  align: 'right',
  cell: ({ counts }) => (counts[name] === undefined ? <span className="muted">–</span> : whole(counts[name])),
})

const columns: Column<CrmRun>[] = [
  { key: 'connection', title: 'Connection', width: 'minmax(0, 1.4fr)', cell: run => <SyncLink run={run} /> },
  { key: 'state', title: 'State', width: '136px', cell: run => <RunState run={run} /> },
  counted('Read', 'read'),
  counted('Sustain', 'sustaining'),
  counted('New', 'started'),
  counted('Ended', 'ended'),
  { key: 'actor', title: 'Started by', width: 'minmax(0, 1fr)', cell: ({ actor }) => actorName(actor) },
  { key: 'at', title: 'When', width: '92px', align: 'right', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
]

type Props = { connection_id: number | undefined; filters: ReactNode }

/** Every read of sustainers, and what it changed. */
export function SyncRuns({ connection_id, filters }: Props) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  return (
    <LogList
      label="Syncs"
      query={crmRuns(workspace_id, { kind: 'sustainers', connection_id })}
      columns={columns}
      row_key={({ id }) => id}
      open={({ id }) =>
        void navigate({
          to: '/w/$workspaceId/crm/runs/$runId',
          params: { workspaceId: String(workspace_id), runId: String(id) },
          search: {},
        })
      }
      compact={run => <Compact run={run} />}
      choose={undefined}
      filters={filters}
      empty={
        <Empty icon={IconRefresh} title="Nothing was read yet">
          Each read of who sustains stands here with what it changed: every week where a connection is set so, and whenever
          somebody syncs by hand.
        </Empty>
      }
    />
  )
}

function SyncLink({ run: { id, connection } }: { run: CrmRun }) {
  const params = { workspaceId: String(useWorkspaceId()), runId: String(id) }
  return (
    <Link to="/w/$workspaceId/crm/runs/$runId" params={params} search={{}} className="table-link cut" tabIndex={-1}>
      {connection}
    </Link>
  )
}

function Compact({ run }: { run: CrmRun }) {
  const { started = 0, ended = 0 } = run.counts
  return (
    <div className="crm-compact">
      <SyncLink run={run} />
      <RelativeTime at={run.created_at} />
      <span className="cut muted">
        {whole(started)} new, {whole(ended)} ended
      </span>
      <RunState run={run} />
    </div>
  )
}
