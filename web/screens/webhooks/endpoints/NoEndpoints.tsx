import { Button } from '@mantine/core'
import { IconWebhook } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'

export function NoEndpoints() {
  const params = { workspaceId: String(useWorkspaceId()) }
  const may_add = useMay('admin')
  return (
    <Empty
      icon={IconWebhook}
      title="Nobody is told yet"
      actions={
        <>
          {may_add && (
            <Button renderRoot={props => <Link to="/w/$workspaceId/endpoints/new" params={params} {...props} />}>
              Add endpoint
            </Button>
          )}
          <Button variant="default" renderRoot={props => <Link to="/w/$workspaceId/webhook-events" params={params} {...props} />}>
            See what can be sent
          </Button>
        </>
      }
    >
      An endpoint is an address of yours, or of a tool such as Zapier, that hears of registrations, purchases and every change to
      a contact within a second. What it misses is sent again, and you see each attempt.
      {!may_add && ' An owner or admin can add one.'}
    </Empty>
  )
}
