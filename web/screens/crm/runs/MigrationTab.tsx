import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus, IconRoute } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { CrmRun } from '../../../../shared/crm.ts'
import { crmRuns } from '../../../api/crm.ts'
import { useMay } from '../../../api/may.ts'
import { useCount } from '../../../api/useCount.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { LogList } from '../../../ui/LogList.tsx'
import { useConnections } from '../useProviders.ts'
import { CompactRun, columns } from './columns.tsx'
import { StartRun } from './StartRun.tsx'

/** Every walk over members from one CRM to another, the newest first. */
export function MigrationTab() {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  const may_start = useMay('admin')
  const [starting, start] = useDisclosure()
  const is_possible = useConnections().length > 1
  const query = crmRuns(workspace_id, { kind: 'validate' })
  const some = useCount(query)
  const open = ({ id }: Pick<CrmRun, 'id'>) =>
    void navigate({
      to: '/w/$workspaceId/crm/runs/$runId',
      params: { workspaceId: String(workspace_id), runId: String(id) },
      search: {},
    })
  const button = may_start && is_possible && (
    <Button leftSection={<IconPlus size={15} />} onClick={start.open}>
      Start a run
    </Button>
  )
  return (
    <>
      <LogList
        label="Migration runs"
        query={query}
        columns={columns}
        row_key={({ id }) => id}
        open={open}
        compact={run => <CompactRun run={run} />}
        choose={undefined}
        filters={
          some && (
            <div className="toolbar crm-toolbar">
              <span className="muted">Asks the new CRM for every member who has an id of the old one.</span>
              {button}
            </div>
          )
        }
        empty={
          <Empty icon={IconRoute} title="Nobody was moved yet" actions={is_possible ? button : <ToConnections />}>
            To move to another CRM without losing anyone: connect both, <ImportLink /> where they are not here yet, and start a
            run. It asks the new CRM for each member and shows who is not there. When nobody is left, the old ids are dropped.
          </Empty>
        }
      />
      <StartRun opened={starting} onClose={start.close} started={open} />
    </>
  )
}

function ToConnections() {
  const params = { workspaceId: String(useWorkspaceId()) }
  return (
    <Button variant="default" renderRoot={props => <Link to="/w/$workspaceId/crm" params={params} search={{}} {...props} />}>
      Go to the connections
    </Button>
  )
}

function ImportLink() {
  return (
    <Link
      className="text-link"
      to="/w/$workspaceId/crm"
      params={{ workspaceId: String(useWorkspaceId()) }}
      search={{ tab: 'links' }}
    >
      import the old ids
    </Link>
  )
}
