import { Skeleton, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { contacts } from '../../api/contacts.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { Initials } from '../../ui/Initials.tsx'
import { useList } from '../../ui/list.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { range } from '../../ui/range.ts'
import { nameOf } from '../contacts/names.ts'
import './merging.css'

const SHOWN = 8

export function ChooseContact({ except, choose }: { except: number; choose: (id: number) => void }) {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 150)
  const query = contacts(useWorkspaceId(), { q: q || undefined })
  const list = useList(useInfiniteQuery({ ...query, placeholderData: keepPreviousData }))
  const found = list.rows.filter(({ id }) => id !== except).slice(0, SHOWN)
  return (
    <div className="merging-choose">
      <TextInput
        data-autofocus
        aria-label="Search a contact"
        placeholder="Name, e-mail, phone or id"
        leftSection={<IconSearch size={15} stroke={1.7} />}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
      />
      {list.error && <Failure error={list.error} retry={list.retry} />}
      <ul aria-label="Contacts found" aria-busy={list.pending || list.stale}>
        {list.pending && range(SHOWN).map(row => <Skeleton key={row} height={38} my={5} radius="md" />)}
        {found.map(contact => (
          <li key={contact.id}>
            <UnstyledButton className="merging-found" onClick={() => choose(contact.id)}>
              <Initials text={nameOf(contact)} size={30} />
              <span className="merging-found-text">
                <b className="cut">{nameOf(contact)}</b>
                <span className="cut muted">
                  {[contact.name && contact.email, contact.phone].filter(Boolean).join(' · ') || `Contact ${contact.id}`}
                </span>
              </span>
              <span className="muted">
                <RelativeTime at={contact.last_visit} empty="never came" />
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {!list.pending && !list.error && !found.length && <p className="merging-nobody muted">Nobody else is called that.</p>}
    </div>
  )
}
