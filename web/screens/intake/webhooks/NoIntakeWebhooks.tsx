import { Button } from '@mantine/core'
import { IconInbox } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'

export function NoIntakeWebhooks() {
  const params = { workspaceId: String(useWorkspaceId()) }
  const may_add = useMay('admin')
  return (
    <Empty
      icon={IconInbox}
      title="No leads can come in yet"
      actions={
        may_add && (
          <Button renderRoot={props => <Link to="/w/$workspaceId/intake/new" params={params} {...props} />}>Add webhook</Button>
        )
      }
    >
      An intake webhook is an address that ad platforms, forms and lead sellers post to. A name and a lead type are enough; every
      usual way to send a lead is understood, and what is not you map by clicking.
      {!may_add && ' An owner or admin can add one.'}
    </Empty>
  )
}
