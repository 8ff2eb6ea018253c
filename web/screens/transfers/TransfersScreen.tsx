import { Select } from '@mantine/core'
import { IconTransfer } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { TRANSFER_KINDS, TRANSFER_STATES, type Transfer } from '../../../shared/transfers.ts'
import { transfers } from '../../api/transfers.ts'
import { Empty } from '../../ui/Empty.tsx'
import { LogList } from '../../ui/LogList.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { CompactTransfer, columns } from './columns.tsx'
import { KINDS, STATES } from './words.ts'
import './transfers.css'

const route = getRouteApi('/w/$workspaceId/transfers')

/** Everything long that somebody asked for: what came in, what went out, what was done with many at once. */
export function TransfersScreen() {
  const workspace_id = Number(route.useParams().workspaceId)
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const ask = (change: Partial<typeof search>) => navigate({ search: { ...search, ...change }, replace: true })
  const open = ({ id, kind }: Transfer) =>
    kind === 'import'
      ? navigate({ to: '/w/$workspaceId/imports/$importId', params: { importId: String(id) }, search: {} })
      : navigate({ to: '/w/$workspaceId/transfers/$transferId', params: { transferId: String(id) }, search: {} })
  const filtered = search.kind !== undefined || search.state !== undefined
  return (
    <>
      <PageHead title="Imports and exports" />
      <LogList
        label="Imports, exports and bulk actions"
        query={transfers(workspace_id, search)}
        columns={columns}
        row_key={({ id }) => id}
        open={open}
        compact={transfer => <CompactTransfer transfer={transfer} />}
        choose={undefined}
        filters={
          <search className="toolbar">
            <Select
              aria-label="Kind"
              placeholder="Any kind"
              clearable
              w={160}
              data={TRANSFER_KINDS.map(value => ({ value, label: KINDS[value] }))}
              value={search.kind ?? null}
              onChange={kind => ask({ kind: (kind as Transfer['kind'] | null) ?? undefined })}
            />
            <Select
              aria-label="State"
              placeholder="Any state"
              clearable
              w={160}
              data={TRANSFER_STATES.map(value => ({ value, label: STATES[value].label }))}
              value={search.state ?? null}
              onChange={state => ask({ state: (state as Transfer['state'] | null) ?? undefined })}
            />
          </search>
        }
        empty={
          <Empty icon={IconTransfer} title={filtered ? 'Nothing of this kind' : 'Nothing yet'}>
            Choose contacts or leads in their lists to do something with all of them, or export a list: how it goes is shown here.
          </Empty>
        }
      />
    </>
  )
}
