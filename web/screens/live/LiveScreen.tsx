import { Tabs } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { refusals } from '../../api/events.ts'
import { useLive } from '../../api/live.ts'
import { useList } from '../../ui/list.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Feed } from './Feed.tsx'
import { LiveDot } from './LiveDot.tsx'
import { Refusals } from './Refusals.tsx'
import { useStream } from './useStream.ts'
import './live.css'

const route = getRouteApi('/w/$workspaceId/live')

export function LiveScreen() {
  const workspace_id = Number(route.useParams().workspaceId)
  const { tab = 'events' } = route.useSearch()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const refused = useList(useInfiniteQuery(refusals(workspace_id)))
  const stream = useStream(workspace_id)
  const state = useLive({
    onEvent: stream.add,
    onRefusal: () => void queries.invalidateQueries({ queryKey: refusals(workspace_id).queryKey }),
  })
  const show = (tab: string | null) => navigate({ search: { tab: tab === 'refusals' ? tab : undefined }, replace: true })

  return (
    <Tabs className="live" value={tab} onChange={show} keepMounted={false}>
      <PageHead title="Live" note={<LiveDot state={state} />} />
      <Tabs.List className="live-tabs">
        <Tabs.Tab value="events">Events</Tabs.Tab>
        <Tabs.Tab
          value="refusals"
          rightSection={
            refused.rows.length > 0 && (
              <span className="live-count">
                {refused.rows.length}
                {refused.complete ? '' : '+'}
              </span>
            )
          }
        >
          Refused
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="events">
        <Feed stream={stream} />
      </Tabs.Panel>
      <Tabs.Panel value="refusals">
        <Refusals list={refused} />
      </Tabs.Panel>
    </Tabs>
  )
}
