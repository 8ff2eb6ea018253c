import { Button, SegmentedControl } from '@mantine/core'
import { IconHeart, IconRefresh } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { CrmSustainer } from '../../../../shared/crm.ts'
import { crmSustainers } from '../../../api/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { LogList } from '../../../ui/LogList.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { ConnectionSelect } from '../ConnectionSelect.tsx'
import { PersonLink } from '../PersonLink.tsx'
import { useOpenPerson } from '../useOpenPerson.ts'
import { useConnections } from '../useProviders.ts'
import { LastSyncs } from './LastSyncs.tsx'
import { SyncButton } from './SyncButton.tsx'
import { SyncRuns } from './SyncRuns.tsx'
import './sustainers.css'

type Search = { who?: 'ended' | 'syncs' | undefined; connection_id?: number | undefined }
type Props = { search: Search; ask: (change: Search) => void }

const VIEWS = [
  { value: 'now', label: 'Sustain now' },
  { value: 'ended', label: 'Ended' },
  { value: 'syncs', label: 'Syncs' },
]

/** Who sustains, as the CRMs say, who does no longer, and what each read of them changed. */
export function SustainersTab({ search, ask }: Props) {
  const { who, connection_id } = search
  const filters = (
    <>
      <LastSyncs />
      <div className="toolbar">
        <SegmentedControl
          className="crm-views"
          aria-label="What is shown"
          size="sm"
          data={VIEWS}
          value={who ?? 'now'}
          onChange={value => ask({ who: value === 'ended' || value === 'syncs' ? value : undefined })}
        />
        <ConnectionSelect value={connection_id} onChange={connection_id => ask({ connection_id })} />
        <SyncButton />
      </div>
    </>
  )
  if (who === 'syncs') return <SyncRuns connection_id={connection_id} filters={filters} />
  return <Sustainers ended={who === 'ended'} connection_id={connection_id} filters={filters} />
}

type SustainersProps = { ended: boolean; connection_id: number | undefined; filters: React.ReactNode }

function Sustainers({ ended, connection_id, filters }: SustainersProps) {
  const open = useOpenPerson()
  return (
    <LogList
      label={ended ? 'Who sustained' : 'Who sustains'}
      query={crmSustainers(useWorkspaceId(), { connection_id, ...(ended && { ended }) })}
      columns={ended ? columns : columns.filter(({ key }) => key !== 'ended')}
      row_key={({ connection_id, contact_id }) => `${connection_id} ${contact_id}`}
      open={open}
      compact={sustainer => <Compact sustainer={sustainer} />}
      choose={undefined}
      filters={filters}
      empty={<Nobody ended={ended} />}
    />
  )
}

const columns: Column<CrmSustainer>[] = [
  { key: 'person', title: 'Person', width: 'minmax(0, 1.5fr)', cell: sustainer => <PersonLink person={sustainer} /> },
  {
    key: 'email',
    title: 'E-mail',
    width: 'minmax(0, 1.5fr)',
    cell: ({ email }) => email ?? <span className="muted">–</span>,
  },
  { key: 'connection', title: 'CRM', width: 'minmax(0, 1fr)', cell: ({ connection_id }) => <Connection id={connection_id} /> },
  { key: 'since', title: 'Since', width: '108px', align: 'right', cell: ({ since }) => <RelativeTime at={since} /> },
  { key: 'ended', title: 'Ended', width: '108px', align: 'right', cell: ({ ended_at }) => <RelativeTime at={ended_at} /> },
]

function Connection({ id }: { id: number }) {
  return useConnections().find(connection => connection.id === id)?.name ?? ''
}

function Compact({ sustainer }: { sustainer: CrmSustainer }) {
  return (
    <div className="crm-compact">
      <PersonLink person={sustainer} />
      <RelativeTime at={sustainer.ended_at ?? sustainer.since} />
      <span className="cut muted">{sustainer.name ? sustainer.email : ''}</span>
      <span className="muted">
        <Connection id={sustainer.connection_id} />
      </span>
    </div>
  )
}

function Nobody({ ended }: { ended: boolean }) {
  const params = { workspaceId: String(useWorkspaceId()) }
  if (ended)
    return (
      <Empty icon={IconHeart} title="Nobody ended">
        Who sustained and is no longer named by the CRM stands here. A read that is not whole ends nobody.
      </Empty>
    )
  return (
    <Empty
      icon={IconRefresh}
      title="Nobody is known to sustain"
      actions={
        <Button variant="default" renderRoot={props => <Link to="/w/$workspaceId/crm" params={params} search={{}} {...props} />}>
          Go to the connections
        </Button>
      }
    >
      Who gives regularly is decided in the CRM, and read from there: every week where a connection is set so, or whenever you
      sync by hand. Only people who are linked with the CRM are found.
    </Empty>
  )
}
