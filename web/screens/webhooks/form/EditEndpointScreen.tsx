import { Button, Skeleton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowLeft } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { endpoint as endpointQuery, updateEndpoint } from '../../../api/webhooks.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useTitle } from '../../../ui/PageHead.tsx'
import { EndpointForm } from './EndpointForm.tsx'
import { bodyOf, keepChanges, type Values, valuesOf } from './values.ts'

const route = getRouteApi('/w/$workspaceId/endpoints/$endpointId/edit')

export function EditEndpointScreen() {
  const params = route.useParams()
  const { data, error, refetch } = useQuery(endpointQuery(Number(params.workspaceId), Number(params.endpointId)))
  useTitle(data ? `Edit ${data.name}` : 'Edit endpoint')
  return (
    <div className="endpoint-page">
      <Link to="/w/$workspaceId/endpoints/$endpointId" params={params} className="back-link">
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> {data?.name ?? 'Endpoint'}
      </Link>
      <h1>Edit endpoint</h1>
      {error && !data && <Failure error={error} retry={() => void refetch()} title="This endpoint could not be loaded" />}
      {!error && !data && <Skeleton height={320} />}
      {data && <Editing key={data.id} endpoint={data} />}
    </div>
  )
}

/** Sends with it when it was read: nobody overwrites what somebody else just wrote. */
function Editing({ endpoint }: { endpoint: Endpoint }) {
  const params = route.useParams()
  const workspace_id = Number(params.workspaceId)
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const [read, setRead] = useState(() => ({ at: endpoint.updated_at, initial: valuesOf(endpoint) }))
  const { queryKey } = endpointQuery(workspace_id, endpoint.id)
  const { mutateAsync, isPending, error, reset, variables } = useMutation({
    mutationFn: (values: Values) => updateEndpoint(workspace_id, endpoint.id, { ...bodyOf(values), if_updated_at: read.at }),
    onSuccess: async saved => {
      queries.setQueryData(queryKey, saved)
      notifications.show({ message: 'Saved' })
      await queries.invalidateQueries({ queryKey: [workspace_id, '/endpoints'] })
      await navigate({ to: '/w/$workspaceId/endpoints/$endpointId', params, search: { tab: 'settings' } })
    },
  })
  const loadAgain = async () => {
    const newest = await queries.fetchQuery({ ...endpointQuery(workspace_id, endpoint.id), staleTime: 0 })
    const now = valuesOf(newest)
    setRead({ at: newest.updated_at, initial: variables ? keepChanges(variables, read.initial, now) : now })
    reset()
  }
  return (
    <EndpointForm
      key={read.at}
      initial={read.initial}
      save={mutateAsync}
      saving={isPending}
      error={error}
      submit="Save"
      cancel={
        <Button
          variant="default"
          renderRoot={props => (
            <Link to="/w/$workspaceId/endpoints/$endpointId" params={params} search={{ tab: 'settings' }} {...props} />
          )}
        >
          Cancel
        </Button>
      }
      refused={
        <Button variant="default" size="compact-sm" mt="xs" display="block" onClick={loadAgain}>
          Load the newest, keep my changes
        </Button>
      }
    />
  )
}
