import { ActionIcon, Button, Menu } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconArchive, IconArchiveOff, IconDots, IconTag, IconTagOff, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Contact, Stage } from '../../../shared/contacts.ts'
import { useMay } from '../../api/may.ts'
import { Choice } from '../../ui/Choice.tsx'
import { count } from '../../ui/numbers.ts'
import type { Selection } from '../../ui/useSelection.ts'
import { STAGES } from '../contacts/stages.tsx'
import { useUserChoices } from '../leads/useUsers.ts'
import { ExportButton } from './ExportMenu.tsx'
import { ManyBar } from './ManyBar.tsx'
import { TagMany } from './TagMany.tsx'
import { useBulk } from './useBulk.ts'
import type { Everything } from './useEverything.ts'

const EVENTS = 'events'

type Props = { selection: Selection<Contact>; everything: Everything; archived: boolean }

/** What can be done with all the contacts that are chosen at once; what is seldom done stands in a menu. */
export function ContactBar({ selection: { rows }, everything, archived }: Props) {
  const people = useUserChoices()
  const may_erase = useMay('admin')
  const [tagging, tag] = useState<'tag' | 'untag'>()
  const bulk = useBulk('contacts', everything.chosen, everything.clear)
  const whom = everything.is_on ? 'All contacts that match' : count(rows.length, 'contact')
  const erase = () =>
    modals.openConfirmModal({
      title: `Erase ${whom.toLowerCase()}?`,
      children:
        'Everything that says who they are is deleted, here and in the files and logs of this server, and connected CRMs are told. Nothing brings it back.',
      labels: { confirm: 'Erase for good', cancel: 'Cancel' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => void bulk({ action: 'erase' }),
    })
  return (
    <ManyBar rows={rows.length} noun="contact" everything={everything}>
      <Button variant="default" leftSection={<IconTag size={15} stroke={1.6} />} onClick={() => tag('tag')}>
        Tag…
      </Button>
      <Choice
        label="Owner…"
        choices={[...people, { value: '0', label: 'Nobody' }]}
        choose={id => void bulk({ action: 'owner', owner_id: Number(id) || null })}
      />
      <Choice
        label="Stage…"
        choices={[...STAGES.map(({ value, label }) => ({ value, label })), { value: EVENTS, label: 'As events say' }]}
        choose={stage => void bulk({ action: 'stage', stage: stage === EVENTS ? null : (stage as Stage) })}
      />
      {archived && (
        <Button
          variant="default"
          leftSection={<IconArchiveOff size={15} stroke={1.6} />}
          onClick={() => void bulk({ action: 'restore' })}
        >
          Restore
        </Button>
      )}
      <ExportButton of="contacts" chosen={everything.chosen} />
      <Menu position="bottom-start">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More" title="More">
            <IconDots size={17} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconTagOff size={15} stroke={1.6} />} onClick={() => tag('untag')}>
            Untag…
          </Menu.Item>
          {!archived && (
            <Menu.Item leftSection={<IconArchive size={15} stroke={1.6} />} onClick={() => void bulk({ action: 'archive' })}>
              Archive
            </Menu.Item>
          )}
          {may_erase && (
            <Menu.Item color="red" leftSection={<IconTrash size={15} stroke={1.6} />} onClick={erase}>
              Erase…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <TagMany
        way={tagging}
        whom={whom}
        onClose={() => tag(undefined)}
        confirm={names => void bulk({ action: tagging!, names })}
      />
    </ManyBar>
  )
}
