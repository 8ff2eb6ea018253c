import { ActionIcon, Tooltip } from '@mantine/core'
import { IconAdjustments } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWorkspaceId } from '../api/workspace.ts'

type Props = { label: string; to: `/w/$workspaceId/${'lead' | 'appointment'}-settings` }

/** In the head of a screen, to what is set up for it. */
export function SettingsLink({ label, to }: Props) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size={36}
        aria-label={label}
        renderRoot={props => <Link to={to} params={{ workspaceId }} {...props} />}
      >
        <IconAdjustments size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}
