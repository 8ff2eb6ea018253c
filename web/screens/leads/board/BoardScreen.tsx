import { Button, Select } from '@mantine/core'
import { IconLayoutKanban } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { readWhose, useWhose, type Whose } from '../../../api/whose.ts'
import { SettingsLink } from '../../../shell/SettingsLink.tsx'
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { NARROW, useMatch } from '../../../ui/narrow.ts'
import { PageHead } from '../../../ui/PageHead.tsx'
import { usePipelines } from '../useStages.ts'
import { useUserChoices } from '../useUsers.ts'
import { BoardSkeleton } from './BoardSkeleton.tsx'
import { Columns } from './Columns.tsx'
import { useBoard } from './useBoard.ts'
import './board.css'

const route = getRouteApi('/w/$workspaceId/board')

/** A pipeline as columns: what is where, what it may bring, and one drag to take it further. */
export function BoardScreen() {
  const { workspaceId } = route.useParams()
  const { column, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const narrow = useMatch(NARROW)
  const [busy, setBusy] = useState(false)
  const shown = useBoard({ ...search, assigned_to: useWhose()(search.assigned_to) }, busy)
  const { board } = shown
  const ask = (change: Partial<typeof search> & { column?: string | undefined }) =>
    navigate({ search: { column, ...search, ...change }, replace: true })
  const untouched = board?.columns.every(({ leads }) => leads === 0) && search.assigned_to === undefined
  return (
    <>
      <PageHead title="Board" note={board?.name}>
        <Choosers search={search} ask={ask} />
        <SettingsLink label="Lead settings" to="/w/$workspaceId/lead-settings" />
      </PageHead>
      {shown.error && <Failure error={shown.error} retry={shown.retry} />}
      {!shown.error && !board && <BoardSkeleton />}
      {board && untouched && (
        <Empty
          icon={IconLayoutKanban}
          title="No leads on this board yet"
          actions={
            <Button
              variant="default"
              renderRoot={props => <Link to="/w/$workspaceId/leads" params={{ workspaceId }} {...props} />}
            >
              Go to the leads
            </Button>
          }
        >
          Each lead becomes a card in the first column when it comes in, and is dragged on from there until it is won or lost.
        </Empty>
      )}
      {board && !untouched && (
        <Columns
          key={board.pipeline_id}
          board={board}
          shown={shown}
          only={narrow ? (column ?? board.columns[0]!.status) : undefined}
          choose={column => ask({ column })}
          setBusy={setBusy}
        />
      )}
    </>
  )
}

type Search = { pipeline_id?: number | undefined; assigned_to?: Whose | undefined }

function Choosers({ search, ask }: { search: Search; ask: (change: Search & { column?: undefined }) => void }) {
  const pipelines = usePipelines()
  const people = useUserChoices()
  const chosen = search.pipeline_id ?? pipelines.find(({ is_default }) => is_default)?.id
  return (
    <>
      {pipelines.length > 1 && (
        <Select
          aria-label="Pipeline"
          allowDeselect={false}
          w={160}
          data={pipelines.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={chosen === undefined ? null : String(chosen)}
          onChange={id => ask({ pipeline_id: Number(id), column: undefined })}
        />
      )}
      <Select
        aria-label="Assigned to"
        placeholder="Everybody's"
        clearable
        searchable
        w={160}
        data={[{ value: 'me', label: 'Mine' }, { value: '0', label: 'Nobody yet' }, ...people]}
        value={search.assigned_to === undefined ? null : String(search.assigned_to)}
        onChange={value => ask({ assigned_to: readWhose(value) })}
      />
    </>
  )
}
