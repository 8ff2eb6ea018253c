import { Button } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { createEndpoint } from '../../../api/webhooks.ts'
import { useTitle } from '../../../ui/PageHead.tsx'
import { EndpointForm } from './EndpointForm.tsx'
import { NewSecret } from './NewSecret.tsx'
import { bodyOf, type Values, valuesOf } from './values.ts'

const route = getRouteApi('/w/$workspaceId/endpoints/new')

export function NewEndpointScreen() {
  const params = route.useParams()
  const workspace_id = Number(params.workspaceId)
  const queries = useQueryClient()
  const { funnel_id = '' } = route.useSearch()
  const [initial] = useState(() => ({ ...valuesOf(), funnel_id }))
  const { mutateAsync, isPending, error, data } = useMutation({
    mutationFn: (values: Values) => createEndpoint(workspace_id, bodyOf(values)),
    onSuccess: () => queries.invalidateQueries({ queryKey: [workspace_id, '/endpoints'] }),
  })
  useTitle(data ? data.name : 'Add endpoint')
  return (
    <div className="endpoint-page">
      <Link to="/w/$workspaceId/endpoints" params={params} className="back-link">
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Endpoints
      </Link>
      {data ? (
        <NewSecret endpoint={data} />
      ) : (
        <>
          <h1>Add endpoint</h1>
          <EndpointForm
            initial={initial}
            save={mutateAsync}
            saving={isPending}
            error={error}
            submit="Add endpoint"
            cancel={
              <Button variant="default" renderRoot={props => <Link to="/w/$workspaceId/endpoints" params={params} {...props} />}>
                Cancel
              </Button>
            }
          />
        </>
      )}
    </div>
  )
}
