import { ActionIcon, Drawer } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconMenu2, IconSearch } from '@tabler/icons-react'
import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { useWorkspaceId } from '../api/workspace.ts'
import { useKeys } from '../ui/keyboard.ts'
import { Mark } from '../ui/Mark.tsx'
import { rememberWorkspace } from './lastWorkspace.ts'
import { NewWorkspace } from './NewWorkspace.tsx'
import { openMenu } from './openMenu.ts'
import { ShortcutSheet } from './ShortcutSheet.tsx'
import { Sidebar } from './Sidebar.tsx'
import { TellEnded } from './useEnded.ts'
import { useGoKeys } from './useGoKeys.ts'
import './shell.css'

const CommandMenu = lazy(() => import('./CommandMenu.tsx'))

const DRAWER = { header: 'shell-drawer-title', body: 'shell-drawer-body' }

export function Shell() {
  const workspace_id = useWorkspaceId()
  const { pathname } = useLocation()
  const [drawer, { open, close }] = useDisclosure()
  const [sheet, showSheet] = useDisclosure()
  const [creating, create] = useDisclosure()

  useEffect(() => rememberWorkspace(workspace_id), [workspace_id])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another screen closes the drawer
  useEffect(close, [pathname])
  useKeys({ '?': showSheet.open })
  useGoKeys()
  // Here and not in the menu, which may still be on its way.
  useHotkeys([['mod+K', openMenu]], [])

  const sidebar = <Sidebar onShortcuts={showSheet.open} onCreate={create.open} />
  return (
    <div className="shell">
      <a className="shell-skip" href="#screen">
        Skip to the screen
      </a>
      <header className="shell-top">
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Open the menu" onClick={open}>
          <IconMenu2 size={20} stroke={1.6} />
        </ActionIcon>
        <Mark />
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Search" onClick={openMenu}>
          <IconSearch size={20} stroke={1.6} />
        </ActionIcon>
      </header>
      <div className="shell-side">{sidebar}</div>
      <Drawer opened={drawer} onClose={close} size={264} padding={0} withCloseButton={false} title="Menu" classNames={DRAWER}>
        {sidebar}
      </Drawer>
      <main id="screen" className="shell-main" tabIndex={-1} key={workspace_id}>
        <Outlet />
        <TellEnded />
      </main>
      <Suspense>
        <CommandMenu />
      </Suspense>
      <ShortcutSheet opened={sheet} onClose={showSheet.close} />
      <NewWorkspace opened={creating} onClose={create.close} />
    </div>
  )
}
