import { Button } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'

/** What to do when there is nobody whom a report of journeys could be of. */
export function NobodyRegistered() {
  const workspaceId = String(useWorkspaceId())
  const actions = (
    <Button variant="default" renderRoot={props => <Link to="/w/$workspaceId/funnels" params={{ workspaceId }} {...props} />}>
      Look at the funnels
    </Button>
  )
  return (
    <Empty icon={IconFilter} title="Nobody registered in this period" actions={actions}>
      Choose a longer period, another funnel or fewer filters. If you wait for the first one: a funnel needs a page where people
      register, or events with the name registration.
    </Empty>
  )
}
