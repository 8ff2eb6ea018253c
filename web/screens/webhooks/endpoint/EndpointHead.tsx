import { ActionIcon, Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconArrowLeft,
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRepeat,
  IconSend,
  IconTrash,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { useKeys } from '../../../ui/keyboard.ts'
import { EndpointState } from '../EndpointState.tsx'
import { ActivateDialog } from './ActivateDialog.tsx'
import { PausedNotice } from './PausedNotice.tsx'
import { ReplayDialog } from './ReplayDialog.tsx'
import { TestDialog } from './TestDialog.tsx'
import { useDeleteEndpoint, usePause } from './useChanges.ts'

/** What it is called, where it goes, how it is, and everything that can be done with it. */
export function EndpointHead({ endpoint }: { endpoint: Endpoint }) {
  const params = { workspaceId: String(useWorkspaceId()), endpointId: String(endpoint.id) }
  const may_change = useMay('admin')
  const may_replay = useMay('update')
  const [testing, test] = useDisclosure()
  const [replaying, replay] = useDisclosure()
  const [activating, activate] = useDisclosure()
  const pause = usePause(endpoint)
  const paused = endpoint.state === 'paused'
  useKeys(may_change ? { t: test.open } : {})
  return (
    <header className="endpoint-head">
      <Link to="/w/$workspaceId/endpoints" params={params} className="back-link">
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Endpoints
      </Link>
      <div className="endpoint-who">
        <div className="endpoint-title">
          <h1>{endpoint.name}</h1>
          <EndpointState endpoint={endpoint} />
        </div>
        <p className="endpoint-url mono">{endpoint.url}</p>
        {may_replay && (
          <div className="endpoint-actions">
            {may_change && (
              <>
                <Button variant="default" leftSection={<IconSend size={15} stroke={1.6} />} onClick={test.open}>
                  Send a test
                </Button>
                <Button
                  variant="default"
                  leftSection={paused ? <IconPlayerPlay size={15} stroke={1.6} /> : <IconPlayerPause size={15} stroke={1.6} />}
                  onClick={paused ? activate.open : pause}
                >
                  {paused ? 'Activate' : 'Pause'}
                </Button>
              </>
            )}
            <More endpoint={endpoint} replay={replay.open} may_change={may_change} />
          </div>
        )}
      </div>
      {paused && <PausedNotice endpoint={endpoint} />}
      <TestDialog endpoint={endpoint} opened={testing} onClose={test.close} />
      <ReplayDialog endpoint={endpoint} opened={replaying} onClose={replay.close} />
      <ActivateDialog endpoint={endpoint} opened={activating} onClose={activate.close} />
    </header>
  )
}

function More({ endpoint, replay, may_change }: { endpoint: Endpoint; replay: () => void; may_change: boolean }) {
  const params = { workspaceId: String(useWorkspaceId()), endpointId: String(endpoint.id) }
  const remove = useDeleteEndpoint(endpoint)
  return (
    <Menu position="bottom-end" width={220} shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More">
          <IconDots size={17} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {may_change && (
          <Menu.Item
            leftSection={<IconPencil size={16} stroke={1.6} />}
            rightSection={<span className="muted">e</span>}
            renderRoot={props => <Link to="/w/$workspaceId/endpoints/$endpointId/edit" params={params} {...props} />}
          >
            Edit
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconRepeat size={16} stroke={1.6} />}
          disabled={endpoint.state === 'paused'}
          title={endpoint.state === 'paused' ? 'Activate it first' : undefined}
          onClick={replay}
        >
          Replay failed…
        </Menu.Item>
        {may_change && (
          <>
            <Menu.Divider />
            <Menu.Item c="var(--bad)" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={remove}>
              Delete…
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
