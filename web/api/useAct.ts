import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useWorkspaceId } from './workspace.ts'

/** What is said afterwards: that it is done, or what was not done, above the server's own words. */
type Words = { done: string; failed: string }

/** Does something, says so, and lets every screen of the workspace read again. Resolves to whether it was done. */
export function useAct() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  return async (act: () => Promise<unknown>, { done, failed }: Words): Promise<boolean> => {
    const error: unknown = await act().then(
      () => undefined,
      error => error,
    )
    if (error) notifications.show({ color: 'red', title: failed, message: (error as Error).message })
    else notifications.show({ message: done })
    await queries.invalidateQueries({ queryKey: [workspace_id] })
    return !error
  }
}
