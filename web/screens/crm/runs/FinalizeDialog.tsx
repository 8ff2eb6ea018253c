import { Alert, Button, Group, Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CrmRun } from '../../../../shared/crm.ts'
import { finalizeCrmRun } from '../../../api/crm.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { count } from '../../../ui/numbers.ts'
import { MEMBER_STATES, type MemberState } from '../words.ts'

type Props = { run: CrmRun; old_ids: number; opened: boolean; onClose: () => void }

/** What is dropped, and why it may not be dropped yet. The server has the last word. */
export function FinalizeDialog({ run, old_ids, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Finish the migration" size="lg">
      <Finalize run={run} old_ids={old_ids} done={onClose} />
    </Modal>
  )
}

function Finalize({ run, old_ids, done }: { run: CrmRun; old_ids: number; done: () => void }) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => finalizeCrmRun(workspace_id, run.id),
    onSuccess: ({ dropped }) => {
      notifications.show({ message: `${count(dropped, 'old id')} dropped` })
      done()
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
  const left = (Object.keys(MEMBER_STATES) as MemberState[]).filter(
    state => state !== 'WroteSalesforceAppUserUid' && (run.counts[state] ?? 0) > 0,
  )
  return (
    <>
      <p className="crm-about">
        {count(old_ids, 'id')} of {run.from_connection} {old_ids === 1 ? 'is' : 'are'} dropped here, and nobody is found by them
        any more. {run.from_connection} is turned off and gets nobody new. Nothing changes over there, and the ids of{' '}
        {run.connection} stay.
      </p>
      {left.length > 0 && (
        <Alert color="orange" variant="light" p="sm" mt="sm" title="Not yet: not everybody arrived">
          <ul className="crm-wrong">
            {left.map(state => (
              <li key={state}>
                {MEMBER_STATES[state].label}: {count(run.counts[state] ?? 0, 'member')}
              </li>
            ))}
          </ul>
          The old ids stay while anybody is left in one of these states. Mend it, then ask for them again.
        </Alert>
      )}
      {error && (
        <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
          {error.message}
        </Alert>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-autofocus onClick={done}>
          Keep the old ids
        </Button>
        <Button color="red.8" loading={isPending} disabled={left.length > 0} onClick={() => mutate()}>
          Drop the old ids
        </Button>
      </Group>
    </>
  )
}
