import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconDots, IconKeyboard, IconLogout, IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { session, signOut } from '../api/session.ts'
import { useWorkspaceId } from '../api/workspace.ts'
import { Initials } from '../ui/Initials.tsx'

export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { data } = useQuery(session)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const workspaceId = String(useWorkspaceId())
  const leave = async () => {
    await signOut()
    await navigate({ to: '/sign-in' })
    queries.clear()
  }
  const name = data?.user.name ?? ''
  return (
    <Menu position="top-start" width={248} shadow="md" offset={4}>
      <Menu.Target>
        <UnstyledButton className="sidebar-user" aria-label={`${name}: account, appearance, shortcuts, sign out`}>
          <Initials text={name} size={24} />
          <span className="cut">{name}</span>
          <IconDots size={16} stroke={1.6} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{data?.user.email}</Menu.Label>
        <Appearance />
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconUserCircle size={16} stroke={1.6} />}
          onClick={() => navigate({ to: '/w/$workspaceId/account', params: { workspaceId } })}
        >
          Your account
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={16} stroke={1.6} />}
          rightSection={<span className="muted">?</span>}
          onClick={onShortcuts}
        >
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      aria-label="Appearance"
      fullWidth
      size="xs"
      m={4}
      value={colorScheme}
      onChange={value => setColorScheme(value as typeof colorScheme)}
      data={[
        { value: 'light', label: <Choice icon={IconSun} text="Light" /> },
        { value: 'dark', label: <Choice icon={IconMoon} text="Dark" /> },
        { value: 'auto', label: <Choice icon={IconDeviceDesktop} text="Auto" /> },
      ]}
    />
  )
}

function Choice({ icon: Sign, text }: { icon: typeof IconSun; text: string }) {
  return (
    <span className="sidebar-choice">
      <Sign size={14} stroke={1.6} aria-hidden />
      {text}
    </span>
  )
}
