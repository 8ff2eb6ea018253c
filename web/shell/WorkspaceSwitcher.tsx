import { Menu, UnstyledButton } from '@mantine/core'
import { IconCheck, IconPlus, IconSelector } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Fragment } from 'react'
import type { Session } from '../../shared/workspaces.ts'
import { session } from '../api/session.ts'
import { useWorkspaceId } from '../api/workspace.ts'

export function WorkspaceSwitcher({ onCreate }: { onCreate: () => void }) {
  const current = useWorkspaceId()
  const navigate = useNavigate()
  const { data } = useQuery(session)
  const workspaces = data?.workspaces ?? []
  const { name, organization } = workspaces.find(({ id }) => id === current) ?? { name: 'Workspace', organization: '' }

  return (
    <Menu position="bottom-start" width={248} shadow="md" offset={4}>
      <Menu.Target>
        <UnstyledButton className="sidebar-workspace" aria-label={`Workspace ${name}. Switch to another one`}>
          <span className="sidebar-workspace-name">
            <b className="cut">{name}</b>
            <span className="cut muted">{organization}</span>
          </span>
          <IconSelector size={15} stroke={1.6} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {byOrganization(workspaces).map(([organization, members]) => (
          <Fragment key={organization}>
            <Menu.Label>{organization}</Menu.Label>
            {members.map(({ id, name }) => (
              <Menu.Item
                key={id}
                onClick={() => navigate({ to: '/w/$workspaceId/contacts', params: { workspaceId: String(id) } })}
                rightSection={id === current && <IconCheck size={15} aria-label="open now" />}
              >
                {name}
              </Menu.Item>
            ))}
          </Fragment>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconPlus size={15} />} onClick={onCreate}>
          New workspace
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function byOrganization(workspaces: Session['workspaces']) {
  const groups = new Map<string, Session['workspaces']>()
  for (const one of workspaces) groups.set(one.organization, [...(groups.get(one.organization) ?? []), one])
  return [...groups]
}
