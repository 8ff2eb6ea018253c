import { Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Contact } from '../../../shared/contacts.ts'
import { contact as contactQuery } from '../../api/contacts.ts'
import { Failure } from '../../ui/Failure.tsx'
import { useKeys } from '../../ui/keyboard.ts'
import { useTitle } from '../../ui/PageHead.tsx'
import { MergeDialog } from '../merging/MergeDialog.tsx'
import { ContactHead } from './ContactHead.tsx'
import { ContactSkeleton } from './ContactSkeleton.tsx'
import { IdentityTab } from './IdentityTab.tsx'
import { nameOf } from './names.ts'
import { PropertiesTab } from './PropertiesTab.tsx'
import { Summary } from './Summary.tsx'
import { Timeline } from './Timeline.tsx'
import { useContactKeys } from './useContactKeys.ts'
import './contact.css'

const route = getRouteApi('/w/$workspaceId/contacts/$contactId')

export function ContactScreen() {
  const { workspaceId, contactId } = route.useParams()
  const { data, error, refetch } = useQuery(contactQuery(Number(workspaceId), Number(contactId)))
  if (data) return <Loaded key={data.id} contact={data} />
  if (error) return <Failure error={error} retry={() => void refetch()} title="This contact could not be loaded" />
  return <ContactSkeleton />
}

function Loaded({ contact }: { contact: Contact }) {
  const { tab = 'timeline' } = route.useSearch()
  const navigate = route.useNavigate()
  const [merging, merge] = useDisclosure()
  const [editing, edit] = useDisclosure()
  const show = (tab: string | null) =>
    navigate({ search: { tab: tab === 'identity' || tab === 'properties' ? tab : undefined }, replace: true })
  useTitle(nameOf(contact))
  useContactKeys({ show, edit: edit.open })
  useKeys({ m: merge.open })

  return (
    <div className="contact">
      <ContactHead contact={contact} onMerge={merge.open} />
      <aside className="contact-aside" aria-label="About this contact">
        <Summary contact={contact} editing={editing} edit={edit.open} done={edit.close} />
      </aside>
      <Tabs className="contact-tabs" value={tab} onChange={show} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
          <Tabs.Tab value="identity">Identity</Tabs.Tab>
          <Tabs.Tab value="properties">Properties</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="timeline">
          <Timeline contact={contact} />
        </Tabs.Panel>
        <Tabs.Panel value="identity">
          <IdentityTab contact={contact} />
        </Tabs.Panel>
        <Tabs.Panel value="properties">
          <PropertiesTab contact={contact} />
        </Tabs.Panel>
      </Tabs>
      <MergeDialog contact={contact} opened={merging} onClose={merge.close} />
    </div>
  )
}
