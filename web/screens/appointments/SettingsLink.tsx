import { ActionIcon, Tooltip } from '@mantine/core'
import { IconAdjustments } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWorkspaceId } from '../../api/workspace.ts'

/** To people's hours, what can be booked, pools and routing. */
export function SettingsLink() {
  const workspaceId = String(useWorkspaceId())
  return (
    <Tooltip label="Appointment settings">
      <ActionIcon
        variant="default"
        size={36}
        aria-label="Appointment settings"
        renderRoot={props => <Link to="/w/$workspaceId/appointment-settings" params={{ workspaceId }} {...props} />}
      >
        <IconAdjustments size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}
