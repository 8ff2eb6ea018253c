import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { quietly } from './quietly.ts'
import { useWorkspaceId } from './workspace.ts'

type Props = {
  name: string
  /** What goes with it, and what stays. */
  about: string
  remove: () => Promise<unknown>
  /** Leads away from its screen. */
  leave: () => Promise<unknown>
  /** The question that has no answer any more. */
  queryKey: QueryKey
}

/** Asks, deletes, and leaves the screen of what is gone before anything is read again. */
export function useDelete({ name, about, remove, leave, queryKey }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const run = async () => {
    await quietly(queries, workspace_id, async () => {
      const failure = await remove().then(
        () => null,
        (error: Error) => error,
      )
      if (failure) return notifications.show({ color: 'red', title: 'It was not deleted', message: failure.message })
      notifications.show({ message: `${name} was deleted` })
      await leave()
      queries.removeQueries({ queryKey })
    })
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
  return () =>
    modals.openConfirmModal({
      title: `Delete ${name}?`,
      children: `${about} This cannot be taken back.`,
      labels: { confirm: 'Delete', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => void run(),
    })
}
