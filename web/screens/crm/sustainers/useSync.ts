import { modals } from '@mantine/modals'
import { startCrmRun } from '../../../api/crm.ts'
import { useAct } from '../../../api/useAct.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** Reads who sustains; with force, also when the read looks as if somebody was missing. */
export function useSync() {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const start = (connection_id: number, force: boolean) =>
    act(() => startCrmRun(workspace_id, { kind: 'sustainers', connection_id, ...(force && { force }) }), {
      done: 'Who sustains is being read',
      failed: 'Nothing was read',
    })
  return {
    sync: (connection_id: number) => void start(connection_id, false),
    force: (connection_id: number, name: string) =>
      modals.openConfirmModal({
        title: `Believe what ${name} says?`,
        children:
          'Who sustains is read once more, and whoever is not named is ended here, however many that are. Do this only when you have looked over there and it is right.',
        labels: { confirm: 'Read it and end them', cancel: 'Leave them as they are' },
        confirmProps: { color: 'red.8' },
        onConfirm: () => void start(connection_id, true),
      }),
  }
}
