import { queryOptions, useQuery } from '@tanstack/react-query'
import { levelOf, type PermissionAction, type PermissionScope, type Rights } from '../../shared/permissions.ts'
import { request } from './request.ts'
import { useWorkspaceId } from './workspace.ts'

export const rights = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/rights'],
    queryFn: ({ signal }) => request<Rights>('/rights', { workspace_id, signal }),
    staleTime: 60_000,
  })

/** `work`: an agent works at leads and tasks, at those that are assigned to them. */
const NEEDS = {
  admin: (has: Rights) => levelOf(has, 'settings', 'update') === 'all',
  update: (has: Rights) => levelOf(has, 'contacts', 'update') === 'all',
  work: (has: Rights) => levelOf(has, 'leads', 'update') !== 'none',
}

/** Whether who is signed in may do something here. The server decides; this only leaves out what it would refuse. */
export function useMay(need: keyof typeof NEEDS) {
  const { data } = useQuery(rights(useWorkspaceId()))
  return data !== undefined && NEEDS[need](data)
}

/** Whether what is in a scope can be taken along as a file: by whoever may export all of it, with no field hidden. */
export function useMayExport(scope: PermissionScope) {
  const { data } = useQuery(rights(useWorkspaceId()))
  return data !== undefined && data.masks.length === 0 && levelOf(data, scope, 'export') === 'all'
}

/** The same of one scope, whosever the record is. */
export function useMayDo(scope: PermissionScope, action: PermissionAction) {
  const { data } = useQuery(rights(useWorkspaceId()))
  return data !== undefined && levelOf(data, scope, action) !== 'none'
}
