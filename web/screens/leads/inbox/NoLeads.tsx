import { Button } from '@mantine/core'
import { IconInbox, IconSearchOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'

type Props = { filtered: boolean; clear: () => void; create: () => void }

export function NoLeads({ filtered, clear, create }: Props) {
  const workspaceId = String(useWorkspaceId())
  const may_work = useMay('work')
  const may_set_up = useMay('admin')
  if (filtered)
    return (
      <Empty
        icon={IconSearchOff}
        title="No lead fits this search"
        actions={
          <Button variant="default" onClick={clear}>
            Show all leads
          </Button>
        }
      >
        Names, e-mail addresses, phone numbers and the ten digits of a lead are searched.
      </Empty>
    )
  return (
    <Empty
      icon={IconInbox}
      title="No leads yet"
      actions={
        <>
          {may_set_up && (
            <Button renderRoot={props => <Link to="/w/$workspaceId/intake/new" params={{ workspaceId }} {...props} />}>
              Add an intake webhook
            </Button>
          )}
          {may_work && (
            <Button variant="default" onClick={create}>
              Add one by hand
            </Button>
          )}
        </>
      }
    >
      Leads come in through intake webhooks: an ad platform, a form or a partner posts them to an address of yours, and each one
      appears here the moment it arrives.
    </Empty>
  )
}
