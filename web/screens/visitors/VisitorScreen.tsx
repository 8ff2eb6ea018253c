import { Button, Skeleton } from '@mantine/core'
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Visitor } from '../../../shared/visitors.ts'
import { giveVisitor, visitor as visitorQuery } from '../../api/visitors.ts'
import { Facts } from '../../ui/Facts.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { Figures } from '../../ui/Figures.tsx'
import { whole } from '../../ui/numbers.ts'
import { useTitle } from '../../ui/PageHead.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { place } from '../../ui/regions.ts'
import { Section } from '../../ui/Section.tsx'
import { Owner } from '../people/Owner.tsx'
import { VisitorEvents } from './VisitorEvents.tsx'
import { VisitorKind } from './VisitorKind.tsx'
import './visitors.css'

const route = getRouteApi('/w/$workspaceId/visitors/$visitorId')

export function VisitorScreen() {
  const { workspaceId, visitorId } = route.useParams()
  const { data, error, refetch } = useQuery(visitorQuery(Number(workspaceId), Number(visitorId)))
  useTitle(data?.name ?? 'Visitor')
  if (error) return <Failure error={error} retry={() => void refetch()} title="This visitor could not be loaded" />
  return (
    <div className="visitor">
      <header className="visitor-head">
        <Link to="/w/$workspaceId/visitors" params={{ workspaceId }} className="back-link">
          <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Visitors
        </Link>
        {data ? <Who visitor={data} workspaceId={workspaceId} /> : <Skeleton height={20} width={320} my={14} />}
      </header>
      <div className="visitor-body">
        <VisitorEvents visitor_id={Number(visitorId)} />
        <aside className="visitor-aside" aria-label="About this visitor">
          {data ? <About visitor={data} /> : <Skeleton height={160} mt="md" />}
        </aside>
      </div>
    </div>
  )
}

function Who({ visitor, workspaceId }: { visitor: Visitor; workspaceId: string }) {
  const { contact_id } = visitor
  return (
    <>
      <h1>{visitor.name ?? <span className="mono">{visitor.distinct_id}</span>}</h1>
      {contact_id ? (
        <Button
          variant="light"
          size="compact-sm"
          rightSection={<IconArrowRight size={14} />}
          renderRoot={props => (
            <Link to="/w/$workspaceId/contacts/$contactId" params={{ workspaceId, contactId: String(contact_id) }} {...props} />
          )}
        >
          Open the contact
        </Button>
      ) : (
        <p className="muted" style={{ margin: 0 }}>
          Nobody knows yet who this is. When they leave an e-mail or log in, all of this becomes part of a contact.
        </p>
      )}
    </>
  )
}

function About({ visitor }: { visitor: Visitor }) {
  return (
    <>
      <Section title="At a glance">
        <Figures
          figures={[
            { label: 'Visits', value: whole(visitor.visit_count) },
            { label: 'Events', value: whole(visitor.event_count) },
            { label: 'First seen', value: <RelativeTime at={visitor.first_seen} /> },
            { label: 'Last visit', value: <RelativeTime at={visitor.last_visit} /> },
          ]}
        />
        <div style={{ height: 18 }} />
        <Facts
          facts={[
            [
              'distinct_id',
              <span key="id" className="mono">
                {visitor.distinct_id}
              </span>,
            ],
            ['Known by', <VisitorKind key="kind" kind={visitor.kind} />],
            [
              'First touch',
              [visitor.utm_source, visitor.utm_medium, visitor.utm_campaign].filter(Boolean).join(' / ') || 'direct',
            ],
            ['Referrer', visitor.referring_domain],
            ['Location', place(visitor)],
            ['Bot', visitor.is_bot ? 'looks like one' : null],
          ]}
        />
      </Section>
      <Owner
        scope="visitors"
        owner_id={visitor.owner_id}
        save={(workspace_id, owner_id) => giveVisitor(workspace_id, visitor.id, owner_id)}
      />
    </>
  )
}
