import { Button } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconArrowBackUp, IconArrowLeft, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Import } from '../../../../shared/imports.ts'
import { importOf, moveImport, startImport } from '../../../api/imports.ts'
import { useMay } from '../../../api/may.ts'
import { useAct } from '../../../api/useAct.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { PageHead } from '../../../ui/PageHead.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { Mapping } from './Mapping.tsx'
import { Outcome } from './Outcome.tsx'
import { Progress } from './Progress.tsx'
import { NEED, stateOf } from './words.ts'
import '../../../ui/settings-page.css'
import './import.css'

const route = getRouteApi('/w/$workspaceId/imports/$importId')

/** One file: how it is read, what it would do, what it does, and what it did. */
export function ImportScreen() {
  const { workspaceId, importId } = route.useParams()
  const { data, error, refetch } = useQuery(importOf(Number(workspaceId), Number(importId)))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The import could not be loaded" />
  if (!data) return <SkeletonLines lines={8} padding="20px var(--edge)" />
  const { tone, says } = stateOf(data)
  const is_open = data.state !== 'running' && (data.step === 'read' || data.step === 'check')
  return (
    <div className="settings-page import-page">
      <Link className="back-link import-back" to="/w/$workspaceId/imports" params={{ workspaceId }}>
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Imports
      </Link>
      <PageHead title={data.name} note={<Pill tone={tone}>{says}</Pill>}>
        <Actions file={data} />
      </PageHead>
      <div className="import-body">
        {(data.state === 'running' || data.state === 'stopped' || data.state === 'failed') && <Progress file={data} />}
        {data.step !== 'read' && <Outcome file={data} />}
        {is_open && <Mapping key={data.id} file={data} />}
      </div>
    </div>
  )
}

function Actions({ file }: { file: Import }) {
  const workspace_id = useWorkspaceId()
  const act = useAct()
  if (!useMay(NEED[file.of])) return null
  const { id, state, step, counts } = file
  const move = (verb: 'stop' | 'resume') =>
    void act(() => moveImport(workspace_id, id, verb), {
      done: verb === 'stop' ? 'It is stopped' : 'It goes on',
      failed: verb === 'stop' ? 'It was not stopped' : 'It does not go on',
    })
  const revert = () =>
    modals.openConfirmModal({
      title: `Take ${file.name} back?`,
      children:
        'What it made is deleted, and what it changed gets its earlier value. What somebody changed since stays as it is, and is listed.',
      labels: { confirm: 'Take it back', cancel: 'Cancel' },
      confirmProps: { color: 'red' },
      onConfirm: () =>
        void act(() => startImport(workspace_id, id, 'revert'), {
          done: 'It is being taken back',
          failed: 'It was not taken back',
        }),
    })
  const was_written = step === 'write' && state !== 'running' && (counts.created ?? 0) + (counts.updated ?? 0) > 0
  return (
    <>
      {state === 'running' && (
        <Button variant="default" leftSection={<IconPlayerPause size={15} stroke={1.6} />} onClick={() => move('stop')}>
          Stop
        </Button>
      )}
      {was_written && (
        <Button variant="default" leftSection={<IconArrowBackUp size={15} stroke={1.6} />} onClick={revert}>
          Take it back…
        </Button>
      )}
      {(state === 'stopped' || state === 'failed') && (
        <Button leftSection={<IconPlayerPlay size={15} stroke={1.6} />} onClick={() => move('resume')}>
          Go on
        </Button>
      )}
    </>
  )
}
