import { Link } from '@tanstack/react-router'
import type { CrmRun } from '../../../../shared/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { whole } from '../../../ui/numbers.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { ProgressBar } from '../../../ui/ProgressBar.tsx'
import { percentOf } from '../../../ui/pace.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { actorName } from '../../activities/words.ts'
import { RUN_STATES } from '../words.ts'
import { failuresOf } from './figures.ts'

export const columns: Column<CrmRun>[] = [
  { key: 'run', title: 'From, to', width: 'minmax(0, 2fr)', cell: run => <RunLink run={run} /> },
  { key: 'state', title: 'State', width: '108px', cell: run => <RunState run={run} /> },
  { key: 'progress', title: 'Progress', width: '140px', cell: run => <Progress run={run} /> },
  { key: 'members', title: 'Members', width: '84px', align: 'right', cell: ({ total }) => (total === null ? '–' : whole(total)) },
  { key: 'failures', title: 'To look at', width: '84px', align: 'right', cell: run => whole(failuresOf(run)) },
  { key: 'actor', title: 'Started by', width: 'minmax(0, 1fr)', cell: ({ actor }) => actorName(actor) },
  { key: 'at', title: 'When', width: '92px', align: 'right', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
]

export function RunState({ run: { state, error } }: { run: CrmRun }) {
  const { label, tone } = RUN_STATES[state]
  return (
    <Pill tone={tone} title={error ?? undefined}>
      {label}
    </Pill>
  )
}

function RunLink({ run: { id, from_connection, connection } }: { run: CrmRun }) {
  const params = { workspaceId: String(useWorkspaceId()), runId: String(id) }
  return (
    <Link to="/w/$workspaceId/crm/runs/$runId" params={params} search={{}} className="table-link cut" tabIndex={-1}>
      {from_connection} → {connection}
    </Link>
  )
}

function Progress({ run }: { run: CrmRun }) {
  const percent = percentOf(run)
  return <ProgressBar percent={percent} label={`${Math.round(percent)} % of the members were asked for`} />
}

export function CompactRun({ run }: { run: CrmRun }) {
  return (
    <div className="crm-compact">
      <RunLink run={run} />
      <RelativeTime at={run.created_at} />
      <Progress run={run} />
      <RunState run={run} />
    </div>
  )
}
