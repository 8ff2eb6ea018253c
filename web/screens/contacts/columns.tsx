import { IconUserCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Contact } from '../../../shared/contacts.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Initials } from '../../ui/Initials.tsx'
import { whole } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { countryName } from '../../ui/regions.ts'
import type { Column } from '../../ui/TableHead.tsx'
import { nameOf, sourceOf } from './names.ts'
import { Segment, Stage } from './stages.tsx'
import './list.css'

const nothing = <span className="muted">–</span>

export const columns: Column<Contact>[] = [
  {
    key: 'name',
    title: 'Name',
    width: 'minmax(0, 2.25fr)',
    sorts: ['name', '-name'],
    cell: contact => <Name contact={contact} />,
  },
  { key: 'email', title: 'E-mail', width: 'minmax(0, 2.15fr)', sorts: ['email'], cell: ({ email }) => email ?? nothing },
  { key: 'stage', title: 'Stage', width: '152px', cell: ({ stage }) => <Stage stage={stage} /> },
  { key: 'segment', title: 'Segment', width: '96px', cell: ({ segment }) => <Segment segment={segment} /> },
  {
    key: 'last_visit',
    title: 'Last visit',
    width: '96px',
    align: 'right',
    sorts: ['-last_visit', 'last_visit'],
    cell: ({ last_visit }) => <RelativeTime at={last_visit} empty="never" />,
  },
  { key: 'visits', title: 'Visits', width: '52px', align: 'right', cell: ({ visit_count }) => whole(visit_count) },
  { key: 'source', title: 'Source', width: 'minmax(0, 1.05fr)', cell: contact => sourceOf(contact) ?? nothing },
  {
    key: 'country',
    title: 'Country',
    width: 'minmax(0, 1.05fr)',
    cell: ({ country_code }) => (country_code ? countryName(country_code) : nothing),
  },
]

function Name({ contact }: { contact: Contact }) {
  return (
    <span className="contacts-name">
      <Initials text={nameOf(contact)} />
      <ContactLink contact={contact} />
      {contact.is_member && (
        <IconUserCheck
          className="contacts-member"
          size={15}
          stroke={1.7}
          role="img"
          aria-label="member"
          title="Has signed up or logged in"
        />
      )}
    </span>
  )
}

function ContactLink({ contact }: { contact: Contact }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link
      to="/w/$workspaceId/contacts/$contactId"
      params={{ workspaceId, contactId: String(contact.id) }}
      className="table-link cut"
      tabIndex={-1}
      preloadDelay={120}
    >
      {nameOf(contact)}
    </Link>
  )
}

export function CompactContact({ contact }: { contact: Contact }) {
  return (
    <div className="contacts-compact">
      <Initials text={nameOf(contact)} size={34} />
      <div className="contacts-compact-lines">
        <ContactLink contact={contact} />
        <RelativeTime at={contact.last_visit} empty="never" />
        <span className="cut muted">
          {contact.name ? (contact.email ?? contact.phone) : (sourceOf(contact) ?? `Contact ${contact.id}`)}
        </span>
        <span className="muted">
          <Stage stage={contact.stage} />
        </span>
      </div>
    </div>
  )
}
