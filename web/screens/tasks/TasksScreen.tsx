import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Task } from '../../../shared/tasks.ts'
import { useMay } from '../../api/may.ts'
import { session } from '../../api/session.ts'
import { tasks } from '../../api/tasks.ts'
import { useList } from '../../ui/list.ts'
import { count } from '../../ui/numbers.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { useSelection } from '../../ui/useSelection.ts'
import { VirtualTable } from '../../ui/VirtualTable.tsx'
import { CompactTask, columns } from './columns.tsx'
import { DoneBar } from './DoneBar.tsx'
import { Filters } from './Filters.tsx'
import { NoTasks } from './NoTasks.tsx'
import './tasks.css'

const route = getRouteApi('/w/$workspaceId/tasks')

/** What is to do, at all leads and contacts: yours first of all, what is due first. */
export function TasksScreen() {
  const workspace_id = Number(route.useParams().workspaceId)
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const may_work = useMay('work')
  const { data: me } = useQuery(session)
  const { whose, ...asked } = search
  const assigned_to = whose === 'all' ? undefined : whose === undefined ? me?.user.id : Number(whose)
  const list = useList(useInfiniteQuery({ ...tasks(workspace_id, { ...asked, assigned_to }), placeholderData: keepPreviousData }))
  const selection = useSelection({ rows: list.rows, row_key: ({ id }) => id, label: ({ title }) => `Choose ${title}` })
  const ask = (change: Partial<typeof search>) => navigate({ search: { ...search, ...change }, replace: true })
  const open = ({ lead_id, contact_id }: Task) => {
    if (lead_id) void navigate({ to: '/w/$workspaceId/leads/$leadId', params: { leadId: String(lead_id) }, search: {} })
    else if (contact_id)
      void navigate({ to: '/w/$workspaceId/contacts/$contactId', params: { contactId: String(contact_id) }, search: {} })
  }
  return (
    <>
      <PageHead title="Tasks" note={list.complete && list.rows.length ? count(list.rows.length, 'task') : undefined} />
      {selection.rows.length ? <DoneBar selection={selection} /> : <Filters search={search} ask={ask} />}
      <VirtualTable
        label="Tasks"
        list={list}
        columns={columns}
        row_key={task => task.id}
        open={open}
        compact={task => <CompactTask task={task} />}
        {...(may_work && search.state !== 'done' && { selection })}
        empty={<NoTasks search={search} everybody={() => navigate({ search: { whose: 'all' } })} />}
      />
    </>
  )
}
