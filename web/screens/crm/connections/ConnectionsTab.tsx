import { Button } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CrmConnections } from '../../../../shared/crm.ts'
import { crmConnections } from '../../../api/crm.ts'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { useProviderTitle } from '../useProviders.ts'
import { ConnectionLine } from './ConnectionLine.tsx'
import './connections.css'

/** Which CRMs are told, and how each fares. */
export function ConnectionsTab() {
  const { data, error, refetch } = useQuery(crmConnections(useWorkspaceId()))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The connections could not be loaded" />
  if (!data) return <SkeletonLines lines={6} pitch={56} padding="16px 0" />
  if (data.data.length === 0) return <NoConnection default_provider={data.default_provider} />
  return (
    <ul className="crm-connections" aria-label="Connections">
      {data.data.map(connection => (
        <ConnectionLine key={connection.id} connection={connection} />
      ))}
    </ul>
  )
}

function NoConnection({ default_provider }: Pick<CrmConnections, 'default_provider'>) {
  const params = { workspaceId: String(useWorkspaceId()) }
  const titleOf = useProviderTitle()
  const is_given = default_provider !== 'none'
  const search = is_given ? { provider: default_provider } : {}
  return (
    <Empty
      icon={IconPlugConnected}
      title="No CRM is connected"
      actions={
        useMay('admin') && (
          <>
            <Button
              renderRoot={props => <Link to="/w/$workspaceId/crm/connections/new" params={params} search={search} {...props} />}
            >
              {is_given ? `Set ${titleOf(default_provider)} up` : 'Connect a CRM'}
            </Button>
            {is_given && (
              <Button
                variant="default"
                renderRoot={props => <Link to="/w/$workspaceId/crm/connections/new" params={params} search={{}} {...props} />}
              >
                Choose another
              </Button>
            )}
          </>
        )
      }
    >
      Whoever signs up is then known there as well, with their e-mail and their mailing lists, and stays one person however often
      they are told.{' '}
      {is_given &&
        `This installation uses ${titleOf(default_provider)} by default (CRM_TYPE): the first sign-up connects it by itself, and waits until it is set up.`}
    </Empty>
  )
}
