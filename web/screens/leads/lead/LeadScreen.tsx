import { Button, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { LeadShown } from '../../../../shared/leads.ts'
import { lead as leadQuery } from '../../../api/leads.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useKeys } from '../../../ui/keyboard.ts'
import { NO_ASIDE, useMatch } from '../../../ui/narrow.ts'
import { useTitle } from '../../../ui/PageHead.tsx'
import { ContactSkeleton } from '../../contacts/ContactSkeleton.tsx'
import { NotesTab } from '../../notes/NotesTab.tsx'
import { leadName } from '../words.ts'
import { About } from './About.tsx'
import { HistoryTab } from './HistoryTab.tsx'
import { LeadHead } from './LeadHead.tsx'
import { PayloadTab } from './PayloadTab.tsx'
import { WorkTab } from './WorkTab.tsx'
// A lead stands on the same frame as a contact: the head, what is known beside it, and tabs.
import '../../contacts/contact.css'
import './lead.css'

const route = getRouteApi('/w/$workspaceId/leads/$leadId')

export function LeadScreen() {
  const { workspaceId, leadId } = route.useParams()
  const { data, error, refetch } = useQuery(leadQuery(Number(workspaceId), Number(leadId)))
  if (data) return <Loaded key={data.id} lead={data} />
  if (error)
    return (
      <Failure error={error} retry={() => void refetch()} title="This lead could not be loaded">
        <Button renderRoot={props => <Link to="/w/$workspaceId/leads" params={{ workspaceId }} {...props} />}>All leads</Button>
      </Failure>
    )
  return <ContactSkeleton />
}

const TABS = ['work', 'notes', 'history', 'payload'] as const
type Tab = (typeof TABS)[number] | 'about'

function Loaded({ lead }: { lead: LeadShown }) {
  const narrow = useMatch(NO_ASIDE)
  const params = route.useParams()
  const { tab: asked = 'work' } = route.useSearch()
  const tab: Tab = asked === 'about' && !narrow ? 'work' : asked
  const navigate = route.useNavigate()
  const leave = useNavigate()
  const show = (tab: string | null) =>
    navigate({ search: tab === 'work' || tab === null ? {} : { tab: tab as Exclude<Tab, 'work'> }, replace: true })
  const back = () => (history.length > 1 ? history.back() : void leave({ to: '/w/$workspaceId/leads', params }))
  useTitle(leadName(lead))
  useKeys({ ...Object.fromEntries(TABS.map((tab, index) => [index + 1, () => show(tab)])), Backspace: back })

  return (
    <div className="contact">
      <LeadHead lead={lead} />
      {!narrow && (
        <aside className="contact-aside" aria-label="About this lead">
          <About lead={lead} />
        </aside>
      )}
      <Tabs className="contact-tabs" value={tab} onChange={show} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="work">Work</Tabs.Tab>
          {narrow && <Tabs.Tab value="about">About</Tabs.Tab>}
          <Tabs.Tab value="notes">Notes</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
          <Tabs.Tab value="payload">As it came</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="work">
          <WorkTab lead={lead} />
        </Tabs.Panel>
        {narrow && (
          <Tabs.Panel value="about">
            <About lead={lead} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="notes">
          <NotesTab about={{ lead_id: lead.id }} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab lead={lead} />
        </Tabs.Panel>
        <Tabs.Panel value="payload">
          <PayloadTab lead={lead} />
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}
