import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Funnel } from '../../../shared/funnels.ts'
import { useMayDo } from '../../api/may.ts'
import { endpointsOfFunnel } from '../../api/webhooks.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { EndpointState } from '../webhooks/EndpointState.tsx'
import { eventsWords } from '../webhooks/words.ts'

/** Where webhooks about this funnel alone go. */
export function Endpoints({ funnel: { funnel_id, name }, may_change }: { funnel: Funnel; may_change: boolean }) {
  const workspace_id = useWorkspaceId()
  const params = { workspaceId: String(workspace_id) }
  const may_see = useMayDo('webhooks', 'read')
  const { data } = useQuery({ ...endpointsOfFunnel(workspace_id, funnel_id), enabled: may_see })
  if (!data) return null
  return (
    <section className="funnel-parts">
      <h3>Webhooks</h3>
      {data.data.length > 0 && (
        <ul className="setting-list" aria-label={`Endpoints of ${name}`}>
          {data.data.map(endpoint => (
            <li key={endpoint.id} className="funnel-line">
              <span>
                <Link
                  to="/w/$workspaceId/endpoints/$endpointId"
                  params={{ ...params, endpointId: String(endpoint.id) }}
                  search={{}}
                  className="text-link"
                >
                  <b>{endpoint.name}</b>
                </Link>{' '}
                <span className="muted">{eventsWords(endpoint.events)}</span>
              </span>
              <EndpointState endpoint={endpoint} />
            </li>
          ))}
        </ul>
      )}
      <p className="muted funnel-note">
        An endpoint may hear this funnel alone. What happens here goes to{' '}
        <Link to="/w/$workspaceId/endpoints" params={params} className="text-link">
          the endpoints of every funnel
        </Link>
        , too.
      </p>
      {may_change && (
        <Button
          variant="default"
          renderRoot={props => <Link to="/w/$workspaceId/endpoints/new" params={params} search={{ funnel_id }} {...props} />}
        >
          Add endpoint
        </Button>
      )}
    </section>
  )
}
