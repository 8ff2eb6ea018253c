import { ActionIcon, Tooltip } from '@mantine/core'
import { IconAdjustments } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWorkspaceId } from '../../api/workspace.ts'

/** To pipelines, lead types and assignment rules. */
export function SettingsLink() {
  const workspaceId = String(useWorkspaceId())
  return (
    <Tooltip label="Lead settings">
      <ActionIcon
        variant="default"
        size={36}
        aria-label="Lead settings"
        renderRoot={props => <Link to="/w/$workspaceId/lead-settings" params={{ workspaceId }} {...props} />}
      >
        <IconAdjustments size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}
