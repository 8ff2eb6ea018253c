import { Alert, Progress as Bar } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Transfer } from '../../../shared/transfers.ts'
import { transfer } from '../../api/transfers.ts'
import { Failure } from '../../ui/Failure.tsx'
import { count, whole } from '../../ui/numbers.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { leftWords, paceWords, percentOf } from '../../ui/pace.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { actorName } from '../activities/words.ts'
import { BulkResult } from './BulkResult.tsx'
import { State } from './columns.tsx'
import { ExportResult } from './ExportResult.tsx'
import { TransferActions } from './TransferActions.tsx'
import { useSeen } from './useSeen.ts'
import './transfers.css'

const route = getRouteApi('/w/$workspaceId/transfers/$transferId')

/** One of them: how far it is, what came of it, and what can be done about it. */
export function TransferScreen() {
  const { workspaceId, transferId } = route.useParams()
  const { data, error, refetch } = useQuery(transfer(Number(workspaceId), Number(transferId)))
  useSeen(data)
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <SkeletonLines lines={5} pitch={40} />
  return (
    <div className="transfer">
      <PageHead title={data.name} note={<State transfer={data} />}>
        <TransferActions transfer={data} />
      </PageHead>
      <Progress transfer={data} />
      {data.kind === 'bulk' && <BulkResult transfer={data} />}
      {data.kind === 'export' && <ExportResult transfer={data} />}
    </div>
  )
}

function Progress({ transfer }: { transfer: Transfer }) {
  const { state, done, total, per_second, seconds_left, error, actor, created_at, ended_at } = transfer
  const is_running = state === 'running'
  const facts = [
    total === null ? count(done, 'row') : `${whole(done)} of ${count(total, 'row')}`,
    is_running && per_second ? paceWords(per_second) : null,
    is_running && seconds_left ? leftWords(seconds_left) : null,
  ]
  return (
    <section className="transfer-progress" aria-label="Progress">
      <Bar
        size={10}
        radius="sm"
        {...(state === 'failed' && { color: 'red.7' })}
        value={is_running && total === null ? 100 : percentOf(transfer)}
        animated={is_running}
        aria-label={total === null && is_running ? 'Under way' : `${Math.round(percentOf(transfer))} % done`}
      />
      <p className="transfer-facts number">{facts.filter(Boolean).join(' · ')}</p>
      <p className="muted">
        Started by {actorName(actor)} <RelativeTime at={created_at} />
        {ended_at && (
          <>
            , {state === 'stopped' ? 'stopped' : 'ended'} <RelativeTime at={ended_at} />
          </>
        )}
      </p>
      {error && (
        <Alert color={state === 'refused' ? 'orange' : 'red'} variant="light" p="sm" mt="sm">
          {error}
        </Alert>
      )}
    </section>
  )
}
