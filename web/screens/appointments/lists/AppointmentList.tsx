import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Appointment } from '../../../../shared/appointments.ts'
import { appointments } from '../../../api/appointments.ts'
import { useWhose } from '../../../api/whose.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { useList } from '../../../ui/list.ts'
import { VirtualTable } from '../../../ui/VirtualTable.tsx'
import { byDay } from '../calendar/byDay.ts'
import { Filters, type ListTab, type Search } from '../Filters.tsx'
import { useZone } from '../useTypes.ts'
import { CompactAppointment, columnsOf } from './columns.tsx'
import { listOf } from './lists.ts'
import { NoAppointments } from './NoAppointments.tsx'
import './lists.css'

type Props = { tab: ListTab; search: Search; ask: (change: Search) => void; clear: () => void; book: (() => void) | undefined }

const LABELS: Record<ListTab, string> = {
  next: 'Next appointments',
  unassigned: 'Appointments that nobody has yet',
  waiting: 'Appointments without an outcome',
  all: 'All appointments',
}
const AGAIN_MS = 20_000

/** Appointments one below the other, each day named where it begins. */
export function AppointmentList({ tab, search, ask, clear, book }: Props) {
  const workspace_id = useWorkspaceId()
  const navigate = useNavigate()
  const zone = useZone()
  const { q, type, status } = search
  const assigned_to = useWhose()(search.assigned_to)
  const asked = { ...(tab !== 'unassigned' && { assigned_to }), ...(tab !== 'waiting' && tab !== 'unassigned' && { status }) }
  const list = useList(
    useInfiniteQuery({
      ...appointments(workspace_id, { ...asked, q, type, ...listOf(tab) }),
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : AGAIN_MS),
    }),
  )
  const first_of_day = new Set(byDay(list.rows, ({ scheduled_at }) => scheduled_at, zone).map(([first]) => first!.id))
  const open = ({ id }: Appointment) =>
    void navigate({
      to: '/w/$workspaceId/appointments/$appointmentId',
      params: { workspaceId: String(workspace_id), appointmentId: String(id) },
    })
  const filtered = [q, type, ...Object.values(asked)].some(value => value !== undefined)
  return (
    <>
      <Filters search={search} ask={ask} />
      <VirtualTable
        label={LABELS[tab]}
        list={list}
        columns={columnsOf(first_of_day)}
        row_key={({ id }) => id}
        open={open}
        compact={appointment => <CompactAppointment appointment={appointment} />}
        empty={<NoAppointments tab={tab} filtered={filtered} clear={clear} book={book} />}
      />
    </>
  )
}
