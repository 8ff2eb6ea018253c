import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { AppointmentShown } from '../../../../shared/appointments.ts'
import { appointment as appointmentQuery } from '../../../api/appointments.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { useKeys } from '../../../ui/keyboard.ts'
import { useTitle } from '../../../ui/PageHead.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { clockIn, shortDayIn } from '../../../ui/zones.ts'
import { useZone } from '../useTypes.ts'
import { appointmentName } from '../words.ts'
import { About } from './About.tsx'
import { AppointmentHead } from './AppointmentHead.tsx'
import { History } from './History.tsx'
import { Notes } from './Notes.tsx'
import { Outcome } from './Outcome.tsx'
import { Reminders } from './Reminders.tsx'
import { Why } from './Why.tsx'
import './appointment.css'

const route = getRouteApi('/w/$workspaceId/appointments/$appointmentId')

/** One appointment: with whom, when, whose, what came of it, and everything that was done with it. */
export function AppointmentScreen() {
  const { workspaceId, appointmentId } = route.useParams()
  const { data, error, refetch } = useQuery(appointmentQuery(Number(workspaceId), Number(appointmentId)))
  if (data) return <Loaded key={data.id} appointment={data} />
  if (error)
    return (
      <Failure error={error} retry={() => void refetch()} title="This appointment could not be loaded">
        <Button renderRoot={props => <Link to="/w/$workspaceId/appointments" params={{ workspaceId }} {...props} />}>
          All appointments
        </Button>
      </Failure>
    )
  return <SkeletonLines lines={10} padding="24px var(--edge)" />
}

function Loaded({ appointment }: { appointment: AppointmentShown }) {
  const params = route.useParams()
  const navigate = useNavigate()
  const zone = useZone()
  const { scheduled_at } = appointment
  const back = () => (history.length > 1 ? history.back() : void navigate({ to: '/w/$workspaceId/appointments', params }))
  useTitle(`${appointmentName(appointment)}, ${shortDayIn(scheduled_at, zone)}, ${clockIn(scheduled_at, zone)}`)
  useKeys({ Backspace: back })
  return (
    <div className="appointment">
      <AppointmentHead appointment={appointment} />
      <div className="appointment-body">
        <div>
          <Outcome appointment={appointment} />
          <Notes appointment={appointment} />
          <History appointment={appointment} />
        </div>
        <aside aria-label="About this appointment">
          <About appointment={appointment} />
          <Why appointment={appointment} />
          <Reminders appointment={appointment} />
        </aside>
      </div>
    </div>
  )
}
