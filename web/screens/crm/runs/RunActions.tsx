import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFlagCheck, IconPlayerPlay } from '@tabler/icons-react'
import type { CrmRun } from '../../../../shared/crm.ts'
import { resumeCrmRun, stopCrmRun } from '../../../api/crm.ts'
import { useMay } from '../../../api/may.ts'
import { useAct } from '../../../api/useAct.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { StopOrResume } from '../../transfers/StopOrResume.tsx'
import { useConnections } from '../useProviders.ts'
import { FinalizeDialog } from './FinalizeDialog.tsx'
import { failuresOf } from './figures.ts'

/** Stop it, go on with it, and drop the old ids when it is done. */
export function RunActions({ run }: { run: CrmRun }) {
  const workspace_id = useWorkspaceId()
  const may_change = useMay('admin')
  const act = useAct()
  const [finalizing, finalize] = useDisclosure()
  const old_ids = useConnections().find(({ id }) => id === run.from_connection_id)?.links ?? 0
  if (!may_change) return null
  const { state } = run
  const resume = () => resumeCrmRun(workspace_id, run.id)
  return (
    <>
      <StopOrResume state={state} stop={() => stopCrmRun(workspace_id, run.id)} resume={resume} />
      {state === 'done' && failuresOf(run) > 0 && (
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={15} stroke={1.6} />}
          onClick={() => void act(resume, { done: 'It goes on', failed: 'It does not go on' })}
        >
          Ask for failed again
        </Button>
      )}
      {state !== 'running' && old_ids > 0 && (
        <Button
          variant={state === 'done' && failuresOf(run) === 0 ? 'filled' : 'default'}
          leftSection={<IconFlagCheck size={15} stroke={1.6} />}
          onClick={finalize.open}
        >
          Finish…
        </Button>
      )}
      <FinalizeDialog run={run} old_ids={old_ids} opened={finalizing} onClose={finalize.close} />
    </>
  )
}
