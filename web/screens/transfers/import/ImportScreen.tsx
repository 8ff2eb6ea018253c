import { Button } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconArrowBackUp, IconArrowLeft } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Navigate } from '@tanstack/react-router'
import type { Import } from '../../../../shared/imports.ts'
import { importOf, moveImport, startImport } from '../../../api/imports.ts'
import { useMay } from '../../../api/may.ts'
import { useAct } from '../../../api/useAct.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { PageHead } from '../../../ui/PageHead.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { RunProgress } from '../RunProgress.tsx'
import { StopOrResume } from '../StopOrResume.tsx'
import { Mapping } from './Mapping.tsx'
import { Outcome } from './Outcome.tsx'
import { NEED, stateOf } from './words.ts'
import '../../../ui/settings-page.css'
import './import.css'

const route = getRouteApi('/w/$workspaceId/imports/$importId')

/** One file: how it is read, what it would do, what it does, and what it did. */
export function ImportScreen() {
  const { workspaceId, importId } = route.useParams()
  const { of = 'contacts' } = route.useSearch()
  const { data, error, refetch } = useQuery(importOf(Number(workspaceId), Number(importId)))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The import could not be loaded" />
  if (!data) return <SkeletonLines lines={8} padding="20px var(--edge)" />
  // The address says what the rows are, wherever somebody came from: so the sidebar knows what this is a part of.
  const search = { of: data.of === 'leads' ? data.of : undefined }
  if (data.of !== of) return <Navigate from={route.id} search={search} replace />
  const { tone, says } = stateOf(data)
  const is_open = data.state !== 'running' && (data.step === 'read' || data.step === 'check')
  return (
    <div className="settings-page import-page">
      <Link className="back-link import-back" to="/w/$workspaceId/imports" params={{ workspaceId }} search={search}>
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> Imports
      </Link>
      <PageHead title={data.name} note={<Pill tone={tone}>{says}</Pill>}>
        <Actions file={data} />
      </PageHead>
      <div className="import-body">
        {(data.state === 'running' || data.state === 'stopped' || data.state === 'failed') && <RunProgress run={data} />}
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
      {was_written && (
        <Button variant="default" leftSection={<IconArrowBackUp size={15} stroke={1.6} />} onClick={revert}>
          Take it back…
        </Button>
      )}
      <StopOrResume
        state={state}
        stop={() => moveImport(workspace_id, id, 'stop')}
        resume={() => moveImport(workspace_id, id, 'resume')}
      />
    </>
  )
}
