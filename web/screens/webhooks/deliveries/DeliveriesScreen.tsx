import { getRouteApi } from '@tanstack/react-router'
import { PageHead } from '../../../ui/PageHead.tsx'
import { DeliveriesList } from './DeliveriesList.tsx'

const route = getRouteApi('/w/$workspaceId/deliveries')

/** Everything that was sent, is being sent or was given up, at every endpoint. */
export function DeliveriesScreen() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <>
      <PageHead title="Deliveries" note="What was sent where, and what came back" />
      <DeliveriesList
        search={search}
        ask={change => navigate({ search: { ...search, ...change }, replace: true })}
        clear={() => navigate({ search: {} })}
      />
    </>
  )
}
