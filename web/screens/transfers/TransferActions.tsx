import { Button } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Transfer } from '../../../shared/transfers.ts'
import { bulkAction, resumeTransfer, startBulk, stopTransfer, undoBulk } from '../../api/transfers.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { StopOrResume } from './StopOrResume.tsx'

/** Stop it, go on with it, begin what was only tried, take it back. The server decides who may. */
export function TransferActions({ transfer: { id, kind, state, step } }: { transfer: Transfer }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const begin = () => act(() => startBulk(workspace_id, id), { done: 'It has begun', failed: 'It did not begin' })
  return (
    <>
      <StopOrResume state={state} stop={() => stopTransfer(workspace_id, id)} resume={() => resumeTransfer(workspace_id, id)} />
      {kind === 'bulk' && step === 'check' && state === 'waiting' && <Button onClick={begin}>Do it</Button>}
      {kind === 'bulk' && <Undo id={id} />}
    </>
  )
}

function Undo({ id }: { id: number }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  const navigate = useNavigate()
  const { data } = useQuery(bulkAction(workspace_id, id))
  const undo = () =>
    act(
      async () => {
        const made = await undoBulk(workspace_id, id)
        await navigate({
          to: '/w/$workspaceId/transfers/$transferId',
          params: { workspaceId: String(workspace_id), transferId: String(made.id) },
        })
      },
      { done: 'It is taken back where nobody changed it since', failed: 'It was not undone' },
    )
  if (!data?.can_undo) return null
  return (
    <Button variant="default" leftSection={<IconArrowBackUp size={15} stroke={1.6} />} onClick={undo}>
      Undo
    </Button>
  )
}
