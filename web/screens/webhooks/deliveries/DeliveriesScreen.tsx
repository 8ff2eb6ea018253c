import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { workspace } from '../../../api/workspaces.ts'
import { count } from '../../../ui/numbers.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { DeliveriesList } from './DeliveriesList.tsx'

const route = getRouteApi('/w/$workspaceId/deliveries')

/** Everything that was sent, is being sent or was given up, at every endpoint. */
export function DeliveriesScreen() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { data } = useQuery(workspace(Number(route.useParams().workspaceId)))
  return (
    <>
      <PageHead
        title="Deliveries"
        note={data && `What was sent where, and what came back; kept for ${count(data.webhook_log_days, 'day')}`}
      />
      <DeliveriesList
        search={search}
        ask={change => navigate({ search: { ...search, ...change }, replace: true })}
        clear={() => navigate({ search: {} })}
      />
    </>
  )
}
