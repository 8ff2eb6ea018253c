import { Autocomplete, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ContactTag } from '../../../shared/tags.ts'
import { contact } from '../../api/contacts.ts'
import { useMay } from '../../api/may.ts'
import { tagContact, tags as tagsQuery, untagContact } from '../../api/tags.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Section } from '../../ui/Section.tsx'
import { TagChip } from './TagChip.tsx'

/** The tags of a contact, to be put on and taken off. */
export function ContactTags({ contact_id }: { contact_id: number }) {
  const workspace_id = useWorkspaceId()
  const { data } = useQuery(contact(workspace_id, contact_id))
  const may_change = useMay('update') && data?.merged_into === null
  const [adding, add] = useDisclosure()
  const act = useAct()
  const tags = data?.tags ?? []
  const takeOff = ({ id, name }: ContactTag) =>
    act(() => untagContact(workspace_id, contact_id, id), { done: `${name} taken off`, failed: `${name} was not taken off` })
  return (
    <Section
      title="Tags"
      action={
        may_change &&
        !adding && (
          <Button variant="subtle" size="compact-sm" onClick={add.open}>
            Add a tag
          </Button>
        )
      }
    >
      {tags.length === 0 && !adding && <p className="muted tag-none">None</p>}
      <ul className="tag-list" aria-label="Tags of this contact">
        {tags.map(tag => (
          <li key={tag.id}>
            <TagChip tag={tag} remove={may_change ? () => void takeOff(tag) : undefined} />
          </li>
        ))}
      </ul>
      {adding && <Adding contact_id={contact_id} has={tags} done={add.close} />}
    </Section>
  )
}

function Adding({ contact_id, has, done }: { contact_id: number; has: ContactTag[]; done: () => void }) {
  const workspace_id = useWorkspaceId()
  const { data } = useQuery(tagsQuery(workspace_id))
  const [name, setName] = useState('')
  const act = useAct()
  const others = data?.data.filter(tag => !has.some(({ id }) => id === tag.id)).map(tag => tag.name)
  const put = async (name: string) => {
    if (!name.trim()) return
    await Promise.resolve() // an option that was chosen is written into the field first
    setName('')
    const is_done = await act(() => tagContact(workspace_id, contact_id, [name]), {
      done: `${name.trim()} added`,
      failed: `${name.trim()} was not added`,
    })
    if (!is_done) setName(typed => typed || name)
  }
  return (
    <form
      className="tag-adding"
      onSubmit={event => {
        event.preventDefault()
        void put(name)
      }}
      onKeyDown={event => event.key === 'Escape' && done()}
    >
      <Autocomplete
        autoFocus
        aria-label="New tag"
        placeholder="A word, then Enter"
        maxLength={100}
        limit={20}
        data={others ?? []}
        value={name}
        onChange={setName}
        onOptionSubmit={chosen => void put(chosen)}
        onBlur={() => name.trim() === '' && done()}
      />
    </form>
  )
}
