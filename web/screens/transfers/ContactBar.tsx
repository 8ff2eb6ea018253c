import { Button, Select } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconArchive, IconArchiveOff, IconTag, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Contact, Stage } from '../../../shared/contacts.ts'
import { useMay } from '../../api/may.ts'
import { count } from '../../ui/numbers.ts'
import type { Selection } from '../../ui/useSelection.ts'
import { STAGES } from '../contacts/stages.tsx'
import { useUserChoices } from '../leads/useUsers.ts'
import { ChosenCount } from './ChosenCount.tsx'
import { ExportButton } from './ExportMenu.tsx'
import { TagMany } from './TagMany.tsx'
import { useBulk } from './useBulk.ts'
import type { Everything } from './useEverything.ts'
import './transfers.css'

const EVENTS = 'events'

type Props = { selection: Selection<Contact>; everything: Everything; archived: boolean }

/** What can be done with all the contacts that are chosen at once. */
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
    <div className="selection-bar" role="toolbar" aria-label="Chosen contacts">
      <ChosenCount rows={rows.length} noun="contact" everything={everything} />
      <Button variant="default" leftSection={<IconTag size={15} stroke={1.6} />} onClick={() => tag('tag')}>
        Tag…
      </Button>
      <Button variant="default" onClick={() => tag('untag')}>
        Untag…
      </Button>
      <Select
        aria-label="Owner"
        placeholder="Owner…"
        w={144}
        data={[...people, { value: '0', label: 'Nobody' }]}
        value={null}
        onChange={id => id !== null && void bulk({ action: 'owner', owner_id: Number(id) || null })}
      />
      <Select
        aria-label="Stage"
        placeholder="Stage…"
        w={144}
        data={[...STAGES.map(({ value, label }) => ({ value, label })), { value: EVENTS, label: 'As events say' }]}
        value={null}
        onChange={stage => stage !== null && void bulk({ action: 'stage', stage: stage === EVENTS ? null : (stage as Stage) })}
      />
      <Button
        variant="default"
        leftSection={archived ? <IconArchiveOff size={15} stroke={1.6} /> : <IconArchive size={15} stroke={1.6} />}
        onClick={() => void bulk({ action: archived ? 'restore' : 'archive' })}
      >
        {archived ? 'Restore' : 'Archive'}
      </Button>
      <ExportButton of="contacts" chosen={everything.chosen} />
      {may_erase && (
        <Button variant="default" leftSection={<IconTrash size={15} stroke={1.6} />} onClick={erase}>
          Erase…
        </Button>
      )}
      <Button variant="default" onClick={everything.clear}>
        Choose none
      </Button>
      <TagMany
        way={tagging}
        whom={whom}
        onClose={() => tag(undefined)}
        confirm={names => void bulk({ action: tagging!, names })}
      />
    </div>
  )
}
