import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { setup } from '../../api/workspaces.ts'
import { Failure } from '../../ui/Failure.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { FirstEvent } from './FirstEvent.tsx'
import { Keys } from './Keys.tsx'
import { Snippets } from './Snippets.tsx'
import './setup.css'

const route = getRouteApi('/w/$workspaceId/setup')

const WAITING_MS = 1_500
const ARRIVED_MS = 10_000

/** From nothing to the first event: the keys, the snippet, and a light that turns green by itself. */
export function SetupScreen() {
  const { workspaceId } = route.useParams()
  const { data, error, refetch } = useQuery({
    ...setup(Number(workspaceId)),
    refetchInterval: ({ state }) => (state.data?.first_event_at ? ARRIVED_MS : WAITING_MS),
    refetchIntervalInBackground: true,
  })
  return (
    <>
      <PageHead title="Set-up" note="From nothing to the first event" />
      <div className="setup">
        {error && !data && <Failure error={error} retry={() => void refetch()} />}
        {!error && !data && <Skeleton height={92} radius="lg" />}
        {data && <FirstEvent setup={data} workspaceId={workspaceId} />}
        {data && <Snippets setup={data} />}
        <Keys />
      </div>
    </>
  )
}
