import { ActionIcon, Button, CopyButton, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowLeft, IconCheck, IconCopy, IconGitMerge, IconMailShare } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Contact } from '../../../shared/contacts.ts'
import { useMay } from '../../api/may.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Initials } from '../../ui/Initials.tsx'
import { ArchiveButton, ArchivedNote } from './Archived.tsx'
import { EmailLink } from './EmailLink.tsx'
import { nameOf } from './names.ts'
import { StageLine } from './StageLine.tsx'

export function ContactHead({ contact, onMerge }: { contact: Contact; onMerge: () => void }) {
  const [linking, link] = useDisclosure()
  const may_archive = useMay('update') && contact.archived_at === null && contact.merged_into === null
  const workspaceId = String(useWorkspaceId())
  return (
    <header className="contact-head">
      <nav className="contact-crumbs" aria-label="Where you are">
        <Link to="/w/$workspaceId/contacts" params={{ workspaceId }} className="back-link">
          <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Contacts
        </Link>
        <CopyButton value={String(contact.id)}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy the id'}>
              <button type="button" className="contact-id number" onClick={copy} aria-label={`Copy the id ${contact.id}`}>
                {contact.id} {copied ? <IconCheck size={13} /> : <IconCopy size={13} stroke={1.6} />}
              </button>
            </Tooltip>
          )}
        </CopyButton>
      </nav>
      <div className="contact-who">
        <Initials text={nameOf(contact)} size={44} />
        <div className="contact-who-text">
          <h1 className="cut">{nameOf(contact)}</h1>
          <p className="cut muted">{besides(contact)}</p>
        </div>
        <Tooltip label="A link for an e-mail">
          <ActionIcon variant="default" size={36} aria-label="Make a link for an e-mail" onClick={link.open}>
            <IconMailShare size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        {may_archive && <ArchiveButton contact={contact} />}
        <Button
          className="contact-merge"
          variant="default"
          leftSection={<IconGitMerge size={16} stroke={1.6} />}
          onClick={onMerge}
        >
          Merge with…
        </Button>
        <ActionIcon
          className="contact-merge-small"
          variant="default"
          size={36}
          aria-label="Merge with another contact"
          onClick={onMerge}
        >
          <IconGitMerge size={17} stroke={1.6} />
        </ActionIcon>
      </div>
      <EmailLink contact={contact} opened={linking} onClose={link.close} />
      {contact.archived_at && !contact.merged_into && <ArchivedNote id={contact.id} since={contact.archived_at} />}
      {contact.merged_into ? <PartOf id={contact.merged_into} /> : <StageLine contact={contact} />}
    </header>
  )
}

/** What the title does not say already. */
function besides(contact: Contact) {
  const { email, phone } = contact
  const known = [email, phone].filter(value => value !== null && value !== nameOf(contact))
  if (known.length > 0) return known.join(' · ')
  if (email === null && phone === null) return 'No e-mail, no phone'
  return email === null ? 'No e-mail' : 'No phone'
}

/** A contact that was merged keeps its address, and says where it went. */
function PartOf({ id }: { id: number }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <p className="contact-part-of" role="status">
      This contact is part of{' '}
      <Link to="/w/$workspaceId/contacts/$contactId" params={{ workspaceId, contactId: String(id) }} className="text-link number">
        {id}
      </Link>{' '}
      now. The merge can be undone there, under Identity.
    </p>
  )
}
