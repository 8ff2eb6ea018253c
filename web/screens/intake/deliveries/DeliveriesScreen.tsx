import { getRouteApi } from '@tanstack/react-router'
import { PageHead } from '../../../ui/PageHead.tsx'
import { DeliveriesList } from './DeliveriesList.tsx'

const route = getRouteApi('/w/$workspaceId/intake-deliveries')

/** Everything that was sent to the intake webhooks, and what became of it. */
export function IntakeDeliveriesScreen() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <>
      <PageHead title="Received" note="What senders of leads posted, and what became of it" />
      <DeliveriesList
        search={search}
        ask={change => navigate({ search: { ...search, ...change }, replace: true })}
        clear={() => navigate({ search: {} })}
      />
    </>
  )
}
