import { useParams } from '@tanstack/react-router'

/** The workspace in the address: everything on screen belongs to it. */
export function useWorkspaceId() {
  const { workspaceId } = useParams({ strict: false })
  return Number(workspaceId)
}
