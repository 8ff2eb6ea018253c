import { ActionIcon, Button } from '@mantine/core'
import { IconBook2, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Endpoint } from '../../../../shared/webhooks.ts'
import { useMay } from '../../../api/may.ts'
import { endpoints } from '../../../api/webhooks.ts'
import { useList } from '../../../ui/list.ts'
import { NARROW, useMatch } from '../../../ui/narrow.ts'
import { count } from '../../../ui/numbers.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { VirtualTable } from '../../../ui/VirtualTable.tsx'
import { CompactEndpoint, columns } from './columns.tsx'
import { NoEndpoints } from './NoEndpoints.tsx'

const route = getRouteApi('/w/$workspaceId/endpoints')

const AGAIN_MS = 15_000

/** Where webhooks go, and how each of them fares. */
export function EndpointsScreen() {
  const { workspaceId } = route.useParams()
  const navigate = route.useNavigate()
  const may_add = useMay('admin')
  const list = useList(useInfiniteQuery({ ...endpoints(Number(workspaceId)), refetchInterval: AGAIN_MS }))
  const open = ({ id }: Endpoint) =>
    navigate({ to: '/w/$workspaceId/endpoints/$endpointId', params: { endpointId: String(id) }, search: {} })
  return (
    <>
      <PageHead title="Endpoints" note={list.complete && list.rows.length ? count(list.rows.length, 'endpoint') : undefined}>
        <CatalogueLink workspaceId={workspaceId} />
        {may_add && list.rows.length > 0 && (
          <Button
            leftSection={<IconPlus size={16} />}
            renderRoot={props => <Link to="/w/$workspaceId/endpoints/new" params={{ workspaceId }} {...props} />}
          >
            Add endpoint
          </Button>
        )}
      </PageHead>
      <VirtualTable
        label="Endpoints"
        list={list}
        columns={columns}
        row_key={endpoint => endpoint.id}
        row_height={60}
        open={open}
        compact={endpoint => <CompactEndpoint endpoint={endpoint} />}
        empty={<NoEndpoints />}
      />
    </>
  )
}

function CatalogueLink({ workspaceId }: { workspaceId: string }) {
  const narrow = useMatch(NARROW)
  const to = (props: object) => <Link to="/w/$workspaceId/webhook-events" params={{ workspaceId }} {...props} />
  const sign = <IconBook2 size={16} stroke={1.6} />
  if (narrow)
    return (
      <ActionIcon variant="default" size={36} aria-label="Event catalogue" renderRoot={to}>
        {sign}
      </ActionIcon>
    )
  return (
    <Button variant="default" leftSection={sign} renderRoot={to}>
      Event catalogue
    </Button>
  )
}
