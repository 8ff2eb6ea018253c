import { Button, Tabs } from '@mantine/core'
import { IconActivity } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Activity } from '../../../shared/events.ts'
import { activities } from '../../api/events.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'
import { useList } from '../../ui/list.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import type { Column } from '../../ui/TableHead.tsx'
import { VirtualTable } from '../../ui/VirtualTable.tsx'
import { ActivityDetails } from './ActivityDetails.tsx'
import { ChainLine } from './ChainLine.tsx'
import { Changes } from './Changes.tsx'
import { Filters } from './Filters.tsx'
import { Mails } from './Mails.tsx'
import { ACTIONS, actionWords, actorName } from './words.ts'
import './activity-line.css'

const route = getRouteApi('/w/$workspaceId/activities')

const columns: Column<Activity>[] = [
  { key: 'at', title: 'When', width: '96px', cell: ({ at }) => <RelativeTime at={at} /> },
  {
    key: 'action',
    title: 'What',
    width: 'minmax(0, 1.3fr)',
    cell: ({ action }) => <b className="activity-action">{actionWords(action)}</b>,
  },
  { key: 'actor', title: 'Who', width: 'minmax(0, 1.2fr)', cell: ({ actor }) => actorName(actor) },
  { key: 'contact', title: 'Contact', width: '80px', cell: activity => <Subject activity={activity} /> },
  {
    key: 'change',
    title: 'From what to what',
    width: 'minmax(0, 3fr)',
    cell: ({ action, before, after }) => <Changes before={before} after={after} said={action} />,
  },
]

/** Everything that was changed, and beside it what the server wrote to people because of it. */
export function ActivitiesScreen() {
  const { tab = 'changes' } = route.useSearch()
  const navigate = route.useNavigate()
  const show = (tab: string | null) => navigate({ search: { tab: tab === 'mails' ? tab : undefined }, replace: true })
  return (
    <Tabs className="activities" value={tab} onChange={show} keepMounted={false}>
      <PageHead title="Activities" note="Who changed what, and when" />
      <Tabs.List className="activities-tabs">
        <Tabs.Tab value="changes">Changes</Tabs.Tab>
        <Tabs.Tab value="mails">E-mails</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="changes">
        <ChangesList />
      </Tabs.Panel>
      <Tabs.Panel value="mails">
        <Mails />
      </Tabs.Panel>
    </Tabs>
  )
}

function ChangesList() {
  const workspace_id = Number(route.useParams().workspaceId)
  const { tab: _, ...search } = route.useSearch()
  const { action } = search
  const navigate = route.useNavigate()
  const [opened, open] = useState<Activity>()
  const list = useList(useInfiniteQuery({ ...activities(workspace_id, search), placeholderData: keepPreviousData }))
  const seen = [...new Set([...ACTIONS, ...list.rows.map(row => row.action), ...(action ? [action] : [])])].sort()
  return (
    <>
      <Filters
        search={search}
        actions={seen}
        ask={change => navigate({ search: now => ({ ...now, ...change }), replace: true })}
      />
      <ChainLine />
      <VirtualTable
        label="Activities"
        list={list}
        columns={columns}
        row_key={activity => activity.id}
        open={open}
        compact={activity => <Compact activity={activity} />}
        empty={
          <NoChanges filtered={Object.values(search).some(value => value !== undefined)} clear={() => navigate({ search: {} })} />
        }
      />
      <ActivityDetails activity={opened} onClose={() => open(undefined)} />
    </>
  )
}

function Subject({ activity: { contact_id } }: { activity: Activity }) {
  const workspaceId = String(useWorkspaceId())
  if (!contact_id) return <span className="muted">–</span>
  return (
    <Link
      to="/w/$workspaceId/contacts/$contactId"
      params={{ workspaceId, contactId: String(contact_id) }}
      className="text-link number"
    >
      {contact_id}
    </Link>
  )
}

function Compact({ activity }: { activity: Activity }) {
  return (
    <div className="activity-compact">
      <b className="cut">{actionWords(activity.action)}</b>
      <RelativeTime at={activity.at} />
      <span className="cut muted">by {actorName(activity.actor)}</span>
      <Subject activity={activity} />
    </div>
  )
}

function NoChanges({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  return (
    <Empty
      icon={IconActivity}
      title={filtered ? 'Nothing of this kind was changed' : 'Nothing was changed yet'}
      actions={
        filtered && (
          <Button variant="default" onClick={clear}>
            Show every change
          </Button>
        )
      }
    >
      Every change in this workspace is kept here for good, with who made it and what was there before.
    </Empty>
  )
}
