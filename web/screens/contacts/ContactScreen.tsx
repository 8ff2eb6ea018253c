import { Button, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ContactWithTags } from '../../../shared/tags.ts'
import { contact as contactQuery } from '../../api/contacts.ts'
import { Failure } from '../../ui/Failure.tsx'
import { useKeys } from '../../ui/keyboard.ts'
import { NO_ASIDE, useMatch } from '../../ui/narrow.ts'
import { useTitle } from '../../ui/PageHead.tsx'
import { useTabInSight } from '../../ui/useTabInSight.ts'
import { CrmTab } from '../crm/contact/CrmTab.tsx'
import { MergeDialog } from '../merging/MergeDialog.tsx'
import { NotesTab } from '../notes/NotesTab.tsx'
import { AppointmentsTab } from './AppointmentsTab.tsx'
import { ContactHead } from './ContactHead.tsx'
import { ContactSkeleton } from './ContactSkeleton.tsx'
import { ConversionsTab } from './ConversionsTab.tsx'
import { IdentityTab } from './IdentityTab.tsx'
import { LeadsTab } from './LeadsTab.tsx'
import { nameOf } from './names.ts'
import { PropertiesTab } from './PropertiesTab.tsx'
import { Summary } from './Summary.tsx'
import { TimelineTab } from './TimelineTab.tsx'
import { useContactKeys } from './useContactKeys.ts'
import './contact.css'

const route = getRouteApi('/w/$workspaceId/contacts/$contactId')

export function ContactScreen() {
  const { workspaceId, contactId } = route.useParams()
  const { data, error, refetch } = useQuery(contactQuery(Number(workspaceId), Number(contactId)))
  if (data) return <Loaded key={data.id} contact={data} />
  if (error)
    return (
      <Failure error={error} retry={() => void refetch()} title="This contact could not be loaded">
        <Button renderRoot={props => <Link to="/w/$workspaceId/contacts" params={{ workspaceId }} {...props} />}>
          All contacts
        </Button>
      </Failure>
    )
  return <ContactSkeleton />
}

const FURTHER_TABS = ['about', 'notes', 'leads', 'appointments', 'conversions', 'identity', 'properties', 'crm'] as const

function Loaded({ contact }: { contact: ContactWithTags }) {
  const narrow = useMatch(NO_ASIDE)
  const { tab: asked = 'timeline' } = route.useSearch()
  const tab = asked === 'about' && !narrow ? 'timeline' : asked
  const navigate = route.useNavigate()
  const [merging, merge] = useDisclosure()
  const [editing, edit] = useDisclosure()
  const show = (tab: string | null) => navigate({ search: { tab: FURTHER_TABS.find(known => known === tab) }, replace: true })
  const startEdit = () => {
    if (narrow) void show('about')
    edit.open()
  }
  const summary = <Summary contact={contact} editing={editing} edit={edit.open} done={edit.close} />
  const tabs = useTabInSight(tab)
  useTitle(nameOf(contact))
  useContactKeys({ show, edit: startEdit })
  useKeys({ m: merge.open })

  return (
    <div className="contact">
      <ContactHead contact={contact} onMerge={merge.open} />
      {!narrow && (
        <aside className="contact-aside" aria-label="About this contact">
          {summary}
        </aside>
      )}
      <Tabs className="contact-tabs" value={tab} onChange={show} keepMounted={false}>
        <Tabs.List ref={tabs}>
          <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
          {narrow && <Tabs.Tab value="about">About</Tabs.Tab>}
          <Tabs.Tab value="leads">Leads</Tabs.Tab>
          <Tabs.Tab value="appointments">Appointments</Tabs.Tab>
          <Tabs.Tab value="conversions">Conversions</Tabs.Tab>
          <Tabs.Tab value="identity">Identity</Tabs.Tab>
          <Tabs.Tab value="properties">Properties</Tabs.Tab>
          <Tabs.Tab value="crm">CRM</Tabs.Tab>
          <Tabs.Tab value="notes">Notes</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="timeline">
          <TimelineTab contact={contact} />
        </Tabs.Panel>
        {narrow && <Tabs.Panel value="about">{summary}</Tabs.Panel>}
        <Tabs.Panel value="notes">
          <NotesTab about={{ contact_id: contact.id }} />
        </Tabs.Panel>
        <Tabs.Panel value="leads">
          <LeadsTab contact={contact} />
        </Tabs.Panel>
        <Tabs.Panel value="appointments">
          <AppointmentsTab contact={contact} />
        </Tabs.Panel>
        <Tabs.Panel value="conversions">
          <ConversionsTab contact={contact} />
        </Tabs.Panel>
        <Tabs.Panel value="identity">
          <IdentityTab contact={contact} />
        </Tabs.Panel>
        <Tabs.Panel value="properties">
          <PropertiesTab contact={contact} />
        </Tabs.Panel>
        <Tabs.Panel value="crm">
          <CrmTab contact={contact} />
        </Tabs.Panel>
      </Tabs>
      <MergeDialog contact={contact} opened={merging} onClose={merge.close} />
    </div>
  )
}
