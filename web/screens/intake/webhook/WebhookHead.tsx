import { ActionIcon, Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowLeft, IconDots, IconPlayerPause, IconPlayerPlay, IconRepeat, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { IntakeWebhook } from '../../../../shared/intake.ts'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { CopyText } from '../../../ui/CopyText.tsx'
import { WebhookState } from '../WebhookState.tsx'
import { waitingWords } from '../words.ts'
import { ReplayWaiting } from './ReplayWaiting.tsx'
import { useActivate, useDeleteWebhook } from './useChanges.ts'

/** What it is called, its address, how it is, and everything that can be done with it. */
export function WebhookHead({ webhook }: { webhook: IntakeWebhook }) {
  const params = { workspaceId: String(useWorkspaceId()) }
  const { active, waiting } = webhook
  const may_change = useMay('admin')
  const may_replay = useMay('update')
  const activate = useActivate(webhook)
  const [replaying, replay] = useDisclosure(false)
  return (
    <header className="intake-head">
      <Link to="/w/$workspaceId/intake" params={params} className="back-link">
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Lead intake
      </Link>
      <div className="intake-who">
        <div className="intake-title">
          <h1>{webhook.name}</h1>
          <WebhookState webhook={webhook} />
        </div>
        <div className="intake-url">
          <CopyText text={webhook.url} label="address" />
        </div>
        <div className="intake-actions">
          {may_replay && waiting > 0 && (
            <Button leftSection={<IconRepeat size={15} stroke={1.6} />} onClick={replay.open}>
              Replay what waits ({waitingWords(waiting)})
            </Button>
          )}
          {may_change && (
            <>
              <Button
                variant="default"
                leftSection={active ? <IconPlayerPause size={15} stroke={1.6} /> : <IconPlayerPlay size={15} stroke={1.6} />}
                onClick={() => activate(!active)}
              >
                {active ? 'Turn off' : 'Turn on'}
              </Button>
              <More webhook={webhook} />
            </>
          )}
        </div>
      </div>
      {replaying && <ReplayWaiting webhook={webhook} onClose={replay.close} />}
    </header>
  )
}

function More({ webhook }: { webhook: IntakeWebhook }) {
  const remove = useDeleteWebhook(webhook)
  return (
    <Menu position="bottom-end" width={180} shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More">
          <IconDots size={17} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={remove}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
