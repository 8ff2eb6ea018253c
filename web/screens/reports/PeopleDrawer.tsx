import { Drawer } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { InfiniteEnd } from '../../ui/InfiniteEnd.tsx'
import type { List } from '../../ui/list.ts'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'

type DrawerProps = { title: string | undefined; close: () => void; children: ReactNode }

/** Who is behind a bar of a chart; open while it has a title. */
export function PeopleDrawer({ title, close, children }: DrawerProps) {
  return (
    <Drawer
      opened={title !== undefined}
      onClose={close}
      position="right"
      size={460}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close the list of people' }}
    >
      {children}
    </Drawer>
  )
}

type Somebody = { contact_id: number | null; visitor_id: number | null; name: string | null; email: string | null }
type ListProps<T> = { list: List<T>; nobody: string; span: string; children: (person: T) => ReactNode }

/** Pages of people. `children` says of each what is to be said beside the name. */
export function PeopleList<T extends Somebody>({ list, nobody, span, children }: ListProps<T>) {
  if (list.error) return <Failure error={list.error} retry={list.retry} title="The people could not be read" />
  if (list.pending) return <SkeletonLines lines={8} padding="8px 0" />
  if (!list.rows.length) return <p className="muted">{nobody}</p>
  return (
    <>
      <p className="behind-span">{span}</p>
      <ul className="behind">
        {list.rows.map(person => (
          <li key={`${person.contact_id} ${person.visitor_id}`}>
            <PersonLink person={person}>{children(person)}</PersonLink>
          </li>
        ))}
      </ul>
      <InfiniteEnd list={list} end="These are all." />
    </>
  )
}

/** Leads to the contact, or to the visitor while nobody knows who that is. */
function PersonLink({ person: { contact_id, visitor_id, name, email }, children }: { person: Somebody; children: ReactNode }) {
  const workspaceId = String(useWorkspaceId())
  const words = (
    <>
      <b className="cut">{name ?? email ?? `Visitor ${visitor_id ?? ''}`}</b>
      {name && email && <span className="cut muted">{email}</span>}
      <span className="behind-far number">{children}</span>
    </>
  )
  return contact_id === null ? (
    <Link to="/w/$workspaceId/visitors/$visitorId" params={{ workspaceId, visitorId: String(visitor_id) }}>
      {words}
    </Link>
  ) : (
    <Link to="/w/$workspaceId/contacts/$contactId" params={{ workspaceId, contactId: String(contact_id) }}>
      {words}
    </Link>
  )
}
