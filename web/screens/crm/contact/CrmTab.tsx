import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAddressBook } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Contact } from '../../../../shared/contacts.ts'
import type { ContactCrm } from '../../../../shared/crm.ts'
import { contactCrm } from '../../../api/crm.ts'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { CopyText } from '../../../ui/CopyText.tsx'
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { LinkState } from '../links/LinkState.tsx'
import { MarkDialog } from './MarkDialog.tsx'
import { Marked } from './Marked.tsx'
import '../crm.css'
import './contact-crm.css'

const AGAIN_MS = 5_000

/** What CRMs know of this person, and what they were told. */
export function CrmTab({ contact }: { contact: Contact }) {
  const workspace_id = useWorkspaceId()
  const { data, error, refetch } = useQuery({ ...contactCrm(workspace_id, contact.id), refetchInterval: AGAIN_MS })
  const may_mark = useMay('update') && !contact.merged_into
  const [marking, mark] = useDisclosure()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="What CRMs know could not be loaded" />
  if (!data) return <SkeletonLines lines={6} pitch={40} padding="16px var(--edge)" />
  const button = may_mark && !data.mark && (
    <Button variant="default" size="compact-sm" onClick={mark.open}>
      Mark as spam or for review…
    </Button>
  )
  return (
    <>
      {isEmpty(data) ? (
        <Empty icon={IconAddressBook} title="No CRM knows this person" actions={button}>
          Who signs up is told to every <ConnectionsLink /> and stands here with the id that they have over there.
        </Empty>
      ) : (
        <div className="contact-crm">
          <Marked contact={contact} mark={data.mark} may_mark={may_mark} change={mark.open} />
          <Section title="Known to" action={button}>
            <Links links={data.links} />
          </Section>
          {data.sustains.length > 0 && (
            <Section title="Sustains">
              <Sustains sustains={data.sustains} />
            </Section>
          )}
          {data.lists.length > 0 && (
            <Section title="Mailing lists">
              <Lists lists={data.lists} />
            </Section>
          )}
        </div>
      )}
      <MarkDialog contact={contact} mark={data.mark} opened={marking} onClose={mark.close} />
    </>
  )
}

function isEmpty({ links, mark, lists, sustains }: ContactCrm) {
  return links.length === 0 && mark === null && lists.length === 0 && sustains.length === 0
}

function ConnectionsLink() {
  return (
    <Link className="text-link" to="/w/$workspaceId/crm" params={{ workspaceId: String(useWorkspaceId()) }} search={{}}>
      CRM that is connected
    </Link>
  )
}

function Links({ links }: Pick<ContactCrm, 'links'>) {
  const params = { workspaceId: String(useWorkspaceId()) }
  if (links.length === 0) return <p className="muted crm-about">No CRM has an id for this person.</p>
  return (
    <ul className="contact-crm-lines" aria-label="Links">
      {links.map(link => (
        <li key={`${link.connection_id} ${link.contact_id}`}>
          <b>{link.connection}</b>
          {link.external_id ? (
            <CopyText text={link.external_id} label={`id at ${link.connection}`} />
          ) : (
            <span className="muted">no id yet</span>
          )}
          <LinkState link={link} />
          <span className="contact-crm-end">
            {link.error && (
              <Link
                className="text-link"
                to="/w/$workspaceId/crm"
                params={params}
                search={{ tab: 'log', contact_id: link.contact_id }}
              >
                Log
              </Link>
            )}
            <span className="muted">
              <RelativeTime at={link.updated_at} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}

function Sustains({ sustains }: Pick<ContactCrm, 'sustains'>) {
  return (
    <ul className="contact-crm-lines">
      {sustains.map(({ connection_id, connection, since, ended_at }) => (
        <li key={connection_id}>
          <b>{connection}</b>
          <span>
            since <RelativeTime at={since} />
          </span>
          {ended_at ? (
            <span className="crm-cell">
              <Pill tone="plain">Ended</Pill>
              <span className="muted">
                <RelativeTime at={ended_at} />
              </span>
            </span>
          ) : (
            <span className="crm-cell">
              <Pill tone="good">Sustains</Pill>
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

function Lists({ lists }: Pick<ContactCrm, 'lists'>) {
  const workspaceId = String(useWorkspaceId())
  return (
    <ul className="contact-crm-lines">
      {lists.map(({ id, name, joined_at, left_at }) => (
        <li key={id}>
          <Link
            className="contact-crm-list"
            to="/w/$workspaceId/crm/lists/$listId"
            params={{ workspaceId, listId: String(id) }}
            search={{}}
          >
            {name}
          </Link>
          <span>
            since <RelativeTime at={joined_at} />
          </span>
          <span className="crm-cell">
            {left_at ? (
              <>
                <Pill tone="plain">Left</Pill>
                <span className="muted">
                  <RelativeTime at={left_at} />
                </span>
              </>
            ) : (
              <Pill tone="good">On it</Pill>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
