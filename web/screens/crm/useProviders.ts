import { useQuery } from '@tanstack/react-query'
import type { CrmConnection, CrmProvider } from '../../../shared/crm.ts'
import { crmConnections, crmProviders } from '../../api/crm.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

/** How a CRM is called: 'Salesforce'. By its own name until that is loaded. */
export function useProviderTitle() {
  const { data } = useQuery(crmProviders(useWorkspaceId()))
  return (name: CrmProvider['name']) => data?.data.find(one => one.name === name)?.title ?? name
}

/** Those that there are, for a field in which one is chosen. */
export function useConnections(): CrmConnection[] {
  const { data } = useQuery(crmConnections(useWorkspaceId()))
  return data?.data ?? []
}
