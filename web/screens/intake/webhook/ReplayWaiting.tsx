import { Button, Group, Modal, Skeleton, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { IntakeWaiting, IntakeWebhook } from '../../../../shared/intake.ts'
import { intakeWaiting, replayWaiting, updateIntakeWebhook } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { count, whole } from '../../../ui/numbers.ts'
import { ProgressBar } from '../../../ui/ProgressBar.tsx'

/** So many are asked for at once that it goes quickly, and so few that progress is seen. */
const PART = 50

type Progress = { done: number; of: number }
type Props = { webhook: IntakeWebhook; onClose: () => void }

/** What a webhook has captured or in quarantine: counted first, made into leads when somebody has read the number. */
export function ReplayWaiting({ webhook, onClose }: Props) {
  const workspace_id = useWorkspaceId()
  const counted = useQuery({ ...intakeWaiting(workspace_id, webhook.id), gcTime: 0 })
  const { start, stop, progress, ended, error } = useReplayWaiting(webhook)
  const waiting = counted.data
  const total = waiting && waiting.quarantined + waiting.captured
  const close = () => {
    stop()
    onClose()
  }
  return (
    <Modal opened onClose={close} size={480} title={`Replay what waits at ${webhook.name}`}>
      {counted.error && !waiting && <Failure error={counted.error} retry={() => void counted.refetch()} />}
      {!waiting && !counted.error && <Skeleton height={60} />}
      {waiting && !progress && <Before waiting={waiting} webhook={webhook} />}
      {progress && (
        <div className="intake-replaying" role="status">
          <p>{ended ? endWords(progress, total) : `${whole(progress.done)} of ${whole(progress.of)} processed again`}</p>
          <ProgressBar
            percent={progress.of ? (100 * progress.done) / progress.of : 100}
            label={`${whole(progress.done)} of ${whole(progress.of)} processed again`}
          />
        </div>
      )}
      {error && (
        <Text size="sm" c="red" mt="md" role="alert">
          {error.message}
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        {!ended && (
          <Button variant="default" onClick={close}>
            {progress && !error ? 'Stop here' : 'Cancel'}
          </Button>
        )}
        {ended ? (
          <Button onClick={close}>Close</Button>
        ) : (
          <Button loading={progress !== undefined && !error} disabled={!total} onClick={() => void start(total ?? 0)}>
            {error
              ? 'Go on'
              : webhook.capture
                ? 'Turn capture off and replay'
                : `Replay ${count(total ?? 0, 'delivery', 'deliveries')}`}
          </Button>
        )}
      </Group>
    </Modal>
  )
}

function Before({ waiting: { quarantined, captured }, webhook }: { waiting: IntakeWaiting; webhook: IntakeWebhook }) {
  if (!quarantined && !captured) return <Text size="sm">Nothing waits any more.</Text>
  return (
    <>
      <dl className="intake-waiting">
        <dt>In quarantine</dt>
        <dd className="number">{whole(quarantined)}</dd>
        <dt>Captured</dt>
        <dd className="number">{whole(captured)}</dd>
      </dl>
      <Text size="sm" mt="sm">
        Each is read again with the settings and the mapping of now. What can be made into a lead becomes one: it is assigned and
        sent on like any other. Nothing is made twice.
      </Text>
      {webhook.capture && (
        <Text size="sm" mt="sm">
          It captures at present, so they would only be captured again. Capture is turned off first.
        </Text>
      )}
    </>
  )
}

/** Counted again at the end, because what could not be made waits again. */
function endWords({ done }: Progress, left: number | undefined) {
  const again = `${count(done, 'delivery was', 'deliveries were')} processed again.`
  if (left === undefined) return again
  return left
    ? `${again} ${whole(left)} still ${left === 1 ? 'waits' : 'wait'}; Received says why.`
    : `${again} Nothing waits any more.`
}

/** Part after part, until all are done or somebody stops it. What was done stays done. */
function useReplayWaiting({ id, capture }: IntakeWebhook) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const [progress, setProgress] = useState<Progress>()
  const [ended, setEnded] = useState(false)
  const [error, setError] = useState<Error>()
  const at = useRef({ after_id: 0, done: 0, stopped: false })
  const start = async (of: number) => {
    const here = at.current
    setError(undefined)
    setProgress({ done: here.done, of: here.done + of })
    try {
      if (capture) await updateIntakeWebhook(workspace_id, id, { capture: false })
      for (let after: number | null = here.after_id; after !== null && !here.stopped; ) {
        const { deliveries, next_after_id }: { deliveries: number; next_after_id: number | null } = await replayWaiting(
          workspace_id,
          id,
          { limit: PART, after_id: after },
        )
        here.done += deliveries
        here.after_id = next_after_id ?? after
        after = next_after_id
        setProgress(before => before && { done: here.done, of: Math.max(before.of, here.done) })
      }
      await queries.invalidateQueries({ queryKey: [workspace_id] })
      setEnded(true)
    } catch (error) {
      setError(error as Error)
      await queries.invalidateQueries({ queryKey: [workspace_id] })
    }
  }
  const stop = () => {
    at.current.stopped = true
  }
  return { start, stop, progress, ended, error }
}
