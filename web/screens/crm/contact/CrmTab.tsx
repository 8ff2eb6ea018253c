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
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { Section } from '../../../ui/Section.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { KnownTo, OnLists, Sustaining } from './Lines.tsx'
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
            <KnownTo links={data.links} />
          </Section>
          {data.sustains.length > 0 && (
            <Section title="Sustains">
              <Sustaining sustains={data.sustains} />
            </Section>
          )}
          {data.lists.length > 0 && (
            <Section title="Mailing lists">
              <OnLists lists={data.lists} />
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
