import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { seeTransfer, transfer } from '../../api/transfers.ts'
import { Failure } from '../../ui/Failure.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { BulkResult } from './BulkResult.tsx'
import { State } from './columns.tsx'
import { ExportResult } from './ExportResult.tsx'
import { RunProgress } from './RunProgress.tsx'
import { TransferActions } from './TransferActions.tsx'
import { useSeen } from './useSeen.ts'
import './transfers.css'

const route = getRouteApi('/w/$workspaceId/transfers/$transferId')

/** One of them: how far it is, what came of it, and what can be done about it. */
export function TransferScreen() {
  const { workspaceId, transferId } = route.useParams()
  const { data, error, refetch } = useQuery(transfer(Number(workspaceId), Number(transferId)))
  useSeen(data, seeTransfer, '/transfers')
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <SkeletonLines lines={5} pitch={40} />
  return (
    <div className="transfer">
      <PageHead title={data.name} note={<State transfer={data} />}>
        <TransferActions transfer={data} />
      </PageHead>
      <div className="transfer-progress">
        <RunProgress run={data} noun={data.kind === 'hand_over' ? 'record' : 'row'} />
      </div>
      {data.kind === 'bulk' && <BulkResult transfer={data} />}
      {data.kind === 'export' && <ExportResult transfer={data} />}
    </div>
  )
}
