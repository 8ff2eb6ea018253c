import { ActionIcon, Button, Tabs, Tooltip } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../api/may.ts'
import { workspace } from '../../api/workspaces.ts'
import { SettingsLink } from '../../shell/SettingsLink.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { ViewsMenu } from '../views/ViewsMenu.tsx'
import { Calendar } from './calendar/Calendar.tsx'
import { BookDialog, type Booking } from './dialogs/BookDialog.tsx'
import { type Search, TABS } from './Filters.tsx'
import { AppointmentList } from './lists/AppointmentList.tsx'
import { useCounts } from './lists/useCounts.ts'
import './appointments.css'

const route = getRouteApi('/w/$workspaceId/appointments')

/** Everything that is booked: as a calendar, and as lists of what wants something done. */
export function AppointmentsScreen() {
  const workspace_id = Number(route.useParams().workspaceId)
  const { saved, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const may_work = useMay('work')
  const [booking, book] = useState<Booking>()
  const { data: about, error, refetch } = useQuery(workspace(workspace_id))
  const counts = useCounts()
  const ask = (change: Search) => void navigate({ search: { ...search, saved, ...change }, replace: true })
  const tab = search.tab ?? 'calendar'
  const show = (tab: string | null) => {
    const { view, date, assigned_to, type } = search
    void navigate({ search: { tab: TABS.find(known => known === tab), view, date, assigned_to, type } })
  }
  return (
    <div className="appointments">
      <PageHead title="Appointments">
        <ViewsMenu
          screen="appointments"
          search={{ ...search, date: undefined, saved }}
          open={state => void navigate({ search: state as typeof search })}
        />
        <SettingsLink label="Appointment settings" to="/w/$workspaceId/appointment-settings" />
        {may_work && (
          <>
            <Button className="appointments-book" leftSection={<IconPlus size={16} />} onClick={() => book({})}>
              Book
            </Button>
            <Tooltip label="Book an appointment">
              <ActionIcon className="appointments-book-small" size={36} aria-label="Book an appointment" onClick={() => book({})}>
                <IconPlus size={17} />
              </ActionIcon>
            </Tooltip>
          </>
        )}
      </PageHead>
      <Tabs className="appointments-tabs" value={tab} onChange={show}>
        <Tabs.List>
          <Tabs.Tab value="calendar">Calendar</Tabs.Tab>
          <Tabs.Tab value="next">Next</Tabs.Tab>
          <Tabs.Tab value="unassigned" rightSection={<Count of={counts.unassigned} />}>
            Nobody's yet
          </Tabs.Tab>
          <Tabs.Tab value="waiting" rightSection={<Count of={counts.waiting} />}>
            No outcome
          </Tabs.Tab>
          <Tabs.Tab value="all">All</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {error && !about && <Failure error={error} retry={() => void refetch()} />}
      {about &&
        (search.tab === undefined ? (
          <Calendar zone={about.time_zone} search={search} ask={ask} book={may_work ? book : undefined} />
        ) : (
          <AppointmentList
            tab={search.tab}
            search={search}
            ask={ask}
            clear={() => void navigate({ search: { tab: search.tab } })}
            book={may_work ? () => book({}) : undefined}
          />
        ))}
      <BookDialog booking={booking} onClose={() => book(undefined)} />
    </div>
  )
}

function Count({ of }: { of: string | undefined }) {
  return of ? <span className="appointments-count">{of}</span> : null
}
