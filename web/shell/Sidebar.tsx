import { Kbd, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { reviews } from '../api/identity.ts'
import { useWorkspaceId } from '../api/workspace.ts'
import { Mark } from '../ui/Mark.tsx'
import { COMMAND } from './command.ts'
import { openMenu } from './openMenu.ts'
import { DAILY, INTAKE, LEADS, SELDOM, WEBHOOKS } from './screens.ts'
import { UserMenu } from './UserMenu.tsx'
import { WorkspaceSwitcher } from './WorkspaceSwitcher.tsx'
import './sidebar.css'

export function Sidebar({ onShortcuts, onCreate }: { onShortcuts: () => void; onCreate: () => void }) {
  const waiting = useWaiting()
  return (
    <nav className="sidebar" aria-label="Screens">
      <div className="sidebar-mark">
        <Mark />
      </div>
      <WorkspaceSwitcher onCreate={onCreate} />
      <UnstyledButton className="sidebar-search" onClick={openMenu} aria-keyshortcuts="Control+K Meta+K">
        <IconSearch size={15} stroke={1.7} aria-hidden />
        <span>Search</span>
        <Kbd size="xs">{COMMAND} K</Kbd>
      </UnstyledButton>
      <ScreenLinks screens={DAILY} badges={{ Review: waiting }} />
      <h2 className="sidebar-group">Leads</h2>
      <ScreenLinks screens={LEADS} />
      <h2 className="sidebar-group">Intake</h2>
      <ScreenLinks screens={INTAKE} />
      <h2 className="sidebar-group">Webhooks</h2>
      <ScreenLinks screens={WEBHOOKS} />
      <div className="sidebar-rest" />
      <ScreenLinks screens={SELDOM} />
      <UserMenu onShortcuts={onShortcuts} />
    </nav>
  )
}

function ScreenLinks({ screens, badges = {} }: { screens: typeof DAILY; badges?: Record<string, string | undefined> }) {
  const params = { workspaceId: String(useWorkspaceId()) }
  return (
    <ul className="sidebar-links">
      {screens.map(({ to, title, icon: Sign }) => (
        <li key={to}>
          <Link
            to={to}
            params={params}
            className="sidebar-link"
            activeProps={{ 'aria-current': 'page' }}
            activeOptions={{ includeSearch: false }}
          >
            <Sign size={17} stroke={1.6} aria-hidden />
            <span>{title}</span>
            {badges[title] && (
              <span className="sidebar-badge">
                {badges[title]}
                <span className="unseen"> to decide</span>
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** How many identities wait for a decision, as far as the first page of them tells. */
function useWaiting() {
  const { data } = useInfiniteQuery({ ...reviews(useWorkspaceId()), staleTime: 60_000 })
  const [page] = data?.pages ?? []
  if (!page?.data.length) return undefined
  return page.next_cursor ? `${page.data.length}+` : String(page.data.length)
}
