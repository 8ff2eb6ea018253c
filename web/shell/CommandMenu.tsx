import '@mantine/spotlight/styles.layer.css'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useLayoutEffect, useState } from 'react'
import { contacts } from '../api/contacts.ts'
import { useWorkspaceId } from '../api/workspace.ts'
import { Initials } from '../ui/Initials.tsx'
import { FURTHER, SCREENS } from './screens.ts'

/** Ctrl-K: go to a screen, or to a contact. */
export default function CommandMenu() {
  const [query, setQuery] = useState('')
  const people = usePeople(query)
  const screens = useScreens()
  const wanted = query.trim().toLowerCase()
  const groups = [
    { group: 'Contacts', actions: people },
    { group: 'Go to', actions: matching(screens, wanted) },
  ].filter(({ actions }) => actions.length)
  // Results come after the key that asked for them; Enter opens the first of what is shown now.
  const first = groups[0]?.actions[0]?.id
  useLayoutEffect(() => {
    if (first) selectFirst()
  }, [first])
  return (
    <Spotlight
      actions={groups}
      filter={(_, actions) => actions}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      nothingFound={wanted ? 'No contact and no screen is called that.' : 'Type a name, an e-mail or a screen.'}
      searchProps={{
        placeholder: 'Find a contact or go to a screen',
        'aria-label': 'Find a contact or go to a screen',
        leftSection: <IconSearch size={18} stroke={1.6} />,
      }}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      scrollable
      maxHeight={420}
    />
  )
}

/** By what a screen is called, then by what it is about. */
function matching<T extends { label: string; description: string }>(screens: T[], wanted: string): T[] {
  const words = wanted.split(/\s+/).filter(Boolean)
  const has = (text: string) => words.every(word => text.toLowerCase().includes(word))
  const called = screens.filter(({ label }) => has(label))
  return [...called, ...screens.filter(one => !called.includes(one) && has(`${one.label} ${one.description}`))]
}

// Mantine selects the first action when the query changes and not when the actions do, and exports no way to ask for it.
function selectFirst() {
  if (document.querySelector('[data-action][data-selected]')) return
  document.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
}

function usePeople(query: string): SpotlightActionGroupData['actions'] {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  const [q] = useDebouncedValue(query.trim(), 120)
  const { data } = useInfiniteQuery({
    ...contacts(workspace_id, { q }),
    enabled: q.length > 1,
    placeholderData: before => before,
  })
  if (query.trim().length < 2) return []
  return (data?.pages[0]?.data ?? []).slice(0, 8).map(({ id, name, email, phone }) => ({
    id: `contact-${id}`,
    label: name ?? email ?? phone ?? `Contact ${id}`,
    description: [name && email, phone].filter(Boolean).join(' · '),
    leftSection: <Initials text={name ?? email ?? '?'} />,
    onClick: () =>
      navigate({
        to: '/w/$workspaceId/contacts/$contactId',
        params: { workspaceId: String(workspace_id), contactId: String(id) },
      }),
  }))
}

function useScreens() {
  const params = { workspaceId: String(useWorkspaceId()) }
  const navigate = useNavigate()
  return [...SCREENS, ...FURTHER].map(screen => {
    const { to, title, about, icon: Sign } = screen
    return {
      id: title,
      label: title,
      description: about,
      leftSection: <Sign size={18} stroke={1.6} />,
      onClick: () => navigate({ to, params, search: 'search' in screen ? screen.search : {} }),
    }
  })
}
