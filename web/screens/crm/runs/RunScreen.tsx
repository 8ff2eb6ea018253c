import { Tabs } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { CrmRun } from '../../../../shared/crm.ts'
import { crmRun, seeCrmRun } from '../../../api/crm.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useKeys } from '../../../ui/keyboard.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { RunProgress } from '../../transfers/RunProgress.tsx'
import { useSeen } from '../../transfers/useSeen.ts'
import { SyncCounts } from '../sustainers/SyncCounts.tsx'
import { runName } from '../words.ts'
import { RunState } from './columns.tsx'
import { Diagram } from './Diagram.tsx'
import { Members } from './Members.tsx'
import { RunActions } from './RunActions.tsx'
import { ToLookAt } from './ToLookAt.tsx'
import '../../../ui/settings-page.css'
import '../crm.css'
import './runs.css'

const route = getRouteApi('/w/$workspaceId/crm/runs/$runId')

/** One run, live: how far it is, who is in which state, and what is left for a person. */
export function RunScreen() {
  const { workspaceId, runId } = route.useParams()
  const { data, error, refetch } = useQuery(crmRun(Number(workspaceId), Number(runId)))
  useSeen(data, seeCrmRun, '/crm/runs')
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The run could not be loaded" />
  if (!data) return <SkeletonLines lines={8} padding="20px var(--edge)" />
  return data.kind === 'validate' ? <Migration key={data.id} run={data} /> : <OtherRun key={data.id} run={data} />
}

function Migration({ run }: { run: CrmRun }) {
  const { tab = 'progress', state } = route.useSearch()
  const navigate = route.useNavigate()
  const show = (tab: string | null) => navigate({ search: { tab: tab === 'members' ? tab : undefined }, replace: true })
  useKeys({ 1: () => show('progress'), 2: () => show('members') })
  return (
    <Tabs className="settings-page crm-run" value={tab} onChange={show} keepMounted={false}>
      <BackLink tab="migration" />
      <PageHead title={runName(run)} note={<RunState run={run} />}>
        <RunActions run={run} />
      </PageHead>
      <Tabs.List className="settings-page-tabs">
        <Tabs.Tab value="progress">Progress</Tabs.Tab>
        <Tabs.Tab value="members">Members</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="progress" className="crm-panel">
        <RunProgress run={run} noun="member" />
        <Diagram run={run} />
        <ToLookAt run={run} />
      </Tabs.Panel>
      <Tabs.Panel value="members" className="crm-list">
        <Members run={run} state={state} ask={state => navigate({ search: { tab: 'members', state }, replace: true })} />
      </Tabs.Panel>
    </Tabs>
  )
}

/** A read of sustainers, or the loading of what was logged: led to from the log. */
function OtherRun({ run }: { run: CrmRun }) {
  return (
    <div className="settings-page crm-run">
      <BackLink tab="sustainers" />
      <PageHead title={runName(run)} note={<RunState run={run} />} />
      <div className="crm-panel">
        <RunProgress run={run} noun="record" />
        <SyncCounts run={run} />
      </div>
    </div>
  )
}

function BackLink({ tab }: { tab: 'migration' | 'sustainers' }) {
  const { workspaceId } = route.useParams()
  return (
    <Link className="back-link crm-back" to="/w/$workspaceId/crm" params={{ workspaceId }} search={{ tab }}>
      <IconArrowLeft size={15} stroke={1.7} aria-hidden /> CRM
    </Link>
  )
}
