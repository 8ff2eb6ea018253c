import { Alert, Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { CrmRun } from '../../../../shared/crm.ts'
import { crmRuns } from '../../../api/crm.ts'
import { useMay } from '../../../api/may.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { useList } from '../../../ui/list.ts'
import { whole } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { syncWords } from './SyncCounts.tsx'
import { useSync } from './useSync.ts'

const SOON_MS = 1000
const QUIET_MS = 10_000

/** How the last read of each CRM went. */
export function LastSyncs() {
  const { rows } = useList(
    useInfiniteQuery({
      ...crmRuns(useWorkspaceId(), { kind: 'sustainers' }),
      refetchInterval: ({ state: { data } }) =>
        data?.pages[0]?.data.some(({ state }) => state === 'running') ? SOON_MS : QUIET_MS,
    }),
  )
  const last = rows.filter((run, index) => rows.findIndex(one => one.connection_id === run.connection_id) === index)
  if (last.length === 0) return null
  return (
    <div className="crm-syncs" role="status">
      {last.map(run => (
        <LastSync key={run.connection_id} run={run} />
      ))}
    </div>
  )
}

function LastSync({ run: { connection_id, connection, state, done, counts, error, ended_at } }: { run: CrmRun }) {
  const may_force = useMay('admin')
  const { force } = useSync()
  if (state === 'running')
    return (
      <p>
        <b>{connection}</b> is being read: {whole(done)} so far.
      </p>
    )
  if (state === 'done')
    return (
      <p>
        <b>{connection}</b>, read <RelativeTime at={ended_at} />: {syncWords(counts)}
      </p>
    )
  return (
    <Alert
      color={state === 'failed' ? 'red' : 'orange'}
      variant="light"
      p="sm"
      title={state === 'refused' ? `${connection}: what was read looks wrong` : `${connection} was not read`}
    >
      {error ?? 'It was stopped.'}
      {state === 'refused' && may_force && (
        <Button variant="default" size="compact-sm" mt="xs" display="block" onClick={() => force(connection_id, connection)}>
          It is right: sync anyway…
        </Button>
      )}
    </Alert>
  )
}
