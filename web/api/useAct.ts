import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useWorkspaceId } from './workspace.ts'

/** What is said afterwards: that it is done, or what was not done, above the server's own words. */
type Words<R> = { done: string | ((result: R) => string); failed: string }

/** Does something, says so, and lets every screen of the workspace read again. Resolves to whether it was done. */
export function useAct() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  return async <R>(act: () => Promise<R>, { done, failed }: Words<R>): Promise<boolean> => {
    const is_done = await act().then(
      result => {
        notifications.show({ message: typeof done === 'string' ? done : done(result) })
        return true
      },
      (error: Error) => {
        notifications.show({ color: 'red', title: failed, message: error.message })
        return false
      },
    )
    await queries.invalidateQueries({ queryKey: [workspace_id] })
    return is_done
  }
}
