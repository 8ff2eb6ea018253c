import { useQuery } from '@tanstack/react-query'
import { useWorkspaceId } from './workspace.ts'
import { workspace } from './workspaces.ts'

const ROLES = {
  admin: ['owner', 'admin'],
  update: ['owner', 'admin', 'manager'],
  /** An agent works at leads and tasks: at those that are assigned to them. */
  work: ['owner', 'admin', 'manager', 'agent'],
}

/** Whether who is signed in may do something here. The server decides; this only leaves out what it would refuse. */
export function useMay(need: keyof typeof ROLES) {
  const { data } = useQuery(workspace(useWorkspaceId()))
  return data !== undefined && (data.role === null || ROLES[need].includes(data.role))
}
