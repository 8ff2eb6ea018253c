import { Kbd, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { Link, useMatchRoute } from '@tanstack/react-router'
import { appointments } from '../api/appointments.ts'
import { reviews } from '../api/identity.ts'
import { useCount } from '../api/useCount.ts'
import { useWorkspaceId } from '../api/workspace.ts'
import { Mark } from '../ui/Mark.tsx'
import { Bell } from './Bell.tsx'
import { COMMAND } from './command.ts'
import { openMenu } from './openMenu.ts'
import { DAILY, FURTHER, INTAKE, LEADS, SELDOM, WEBHOOKS } from './screens.ts'
import { UserMenu } from './UserMenu.tsx'
import { WorkspaceSwitcher } from './WorkspaceSwitcher.tsx'
import './sidebar.css'

export function Sidebar({ onShortcuts, onCreate }: { onShortcuts: () => void; onCreate: () => void }) {
  const workspace_id = useWorkspaceId()
  const waiting = useCount(reviews(workspace_id))
  const unassigned = useCount(appointments(workspace_id, { open: true, assigned_to: 0, sort: 'scheduled_at' }))
  return (
    <nav className="sidebar" aria-label="Screens">
      <div className="sidebar-mark">
        <Mark />
        <Bell />
      </div>
      <WorkspaceSwitcher onCreate={onCreate} />
      <UnstyledButton className="sidebar-search" onClick={openMenu} aria-keyshortcuts="Control+K Meta+K">
        <IconSearch size={15} stroke={1.7} aria-hidden />
        <span>Search</span>
        <Kbd size="xs">{COMMAND} K</Kbd>
      </UnstyledButton>
      <ScreenLinks screens={DAILY} badges={{ Review: { count: waiting, says: 'to decide' } }} />
      <h2 className="sidebar-group">Leads</h2>
      <ScreenLinks screens={LEADS} badges={{ Appointments: { count: unassigned, says: 'that nobody has yet' } }} />
      <h2 className="sidebar-group">Intake</h2>
      <ScreenLinks screens={INTAKE} />
      <h2 className="sidebar-group">Webhooks and CRM</h2>
      <ScreenLinks screens={WEBHOOKS} />
      <div className="sidebar-rest" />
      <ScreenLinks screens={SELDOM} />
      <UserMenu onShortcuts={onShortcuts} />
    </nav>
  )
}

type Badge = { count: string | undefined; says: string }

function ScreenLinks({ screens, badges = {} }: { screens: typeof DAILY; badges?: Record<string, Badge> }) {
  const params = { workspaceId: String(useWorkspaceId()) }
  const matches = useMatchRoute()
  // Of two at one address, the later one says more of it.
  const whole = FURTHER.findLast(
    ({ to, search, part_of }) => part_of && matches({ to, params, fuzzy: true, ...(search && { search }) }),
  )?.part_of
  return (
    <ul className="sidebar-links">
      {screens.map(({ to, title, icon: Sign }) => (
        <li key={to}>
          <Link
            to={to}
            params={params}
            className="sidebar-link"
            activeProps={{ 'aria-current': 'page' }}
            {...(to === whole && { 'aria-current': 'page' as const })}
            activeOptions={{ includeSearch: false }}
          >
            <Sign size={17} stroke={1.6} aria-hidden />
            <span>{title}</span>
            {badges[title]?.count && (
              <span className="sidebar-badge">
                {badges[title].count}
                <span className="unseen"> {badges[title].says}</span>
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  )
}
