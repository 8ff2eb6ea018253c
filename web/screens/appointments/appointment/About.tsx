import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { AppointmentShown } from '../../../../shared/appointments.ts'
import { partners } from '../../../api/routing.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { workspace } from '../../../api/workspaces.ts'
import { type Fact, Facts } from '../../../ui/Facts.tsx'
import { money, whole } from '../../../ui/numbers.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { Section } from '../../../ui/Section.tsx'
import { dayIn, offsetOf, spanIn } from '../../../ui/zones.ts'
import { actorName } from '../../activities/words.ts'
import { valueText } from '../../contacts/valueText.ts'
import { sentence } from '../../events/describe.ts'
import { Assignee } from '../../leads/LeadParts.tsx'
import { useMayChange } from '../../leads/useUsers.ts'
import { Where, zoneWords } from '../AppointmentParts.tsx'
import { useZone } from '../useTypes.ts'
import { lengthOf } from '../words.ts'
import { EditDetails } from './EditDetails.tsx'
import { Sales } from './Sales.tsx'

/** Who, when, where and whose; and what is known besides. */
export function About({ appointment }: { appointment: AppointmentShown }) {
  const [editing, edit] = useDisclosure()
  const may_change = useMayChange()(appointment)
  const others = Object.entries(appointment.fields).filter(([, value]) => value !== null && value !== '')
  return (
    <>
      <Section
        title="About"
        action={
          may_change &&
          !editing && (
            <Button variant="subtle" size="compact-sm" onClick={edit.open}>
              Edit
            </Button>
          )
        }
      >
        {editing ? <EditDetails appointment={appointment} done={edit.close} /> : <Known appointment={appointment} />}
      </Section>
      {(appointment.customer_notes || others.length > 0) && (
        <Section title="What they said">
          {appointment.customer_notes && <p className="appointment-text">{appointment.customer_notes}</p>}
          <Facts facts={others.map(([name, value]): Fact => [sentence(name), valueText(value)])} />
        </Section>
      )}
    </>
  )
}

function Known({ appointment }: { appointment: AppointmentShown }) {
  const { data: about } = useQuery(workspace(useWorkspaceId()))
  const nameOfWorkspace = useWorkspaceName()
  const { contact, lead_id, estimated_value, booked_by } = appointment
  return (
    <Facts
      facts={[
        ['Their time', <TheirTime key="theirs" appointment={appointment} />],
        ['Length', lengthOf(appointment.duration_minutes)],
        ['Where', <Where key="where" appointment={appointment} />],
        ['Whose', <Assignee key="whose" user_id={appointment.assigned_to} empty="nobody has it yet" />],
        ['Phone', contact.phone && <Reach key="phone" address={`tel:${contact.phone}`} text={contact.phone} />],
        ['E-mail', contact.email && <Reach key="mail" address={`mailto:${contact.email}`} text={contact.email} />],
        ['Lead', lead_id && <LeadLink key="lead" lead_id={lead_id} />],
        ['May bring', estimated_value === null ? null : money(estimated_value, about?.currency ?? 'USD')],
        ['Sold', <Sales key="sold" appointment={appointment} />],
        ['Product', appointment.product],
        ['Source', appointment.source],
        ['Language', appointment.language],
        ['Score', appointment.score ? whole(appointment.score) : null],
        ['Address', addressOf(appointment)],
        ['Handed on to', nameOfWorkspace(appointment.copy_workspace_id)],
        ['Came from', nameOfWorkspace(appointment.origin_workspace_id)],
        ['Kept free', keptFree(appointment)],
        ['Moved', appointment.reschedule_count ? `${whole(appointment.reschedule_count)} times` : null],
        ['Booked', <BookedBy key="booked" at={appointment.created_at} by={actorName(booked_by)} />],
        ['Number', appointment.id],
      ]}
    />
  )
}

/** Of the same organization. */
function useWorkspaceName() {
  const { data } = useQuery(partners(useWorkspaceId()))
  return (id: number | null) => (id === null ? null : (data?.data.find(one => one.id === id)?.name ?? `workspace ${id}`))
}

/** Only when their clock shows another time. */
function TheirTime({ appointment: { scheduled_at, ends_at, time_zone } }: { appointment: AppointmentShown }) {
  const zone = useZone()
  if (offsetOf(scheduled_at, zone) === offsetOf(scheduled_at, time_zone)) return <span className="muted">the same time</span>
  return (
    <span className="number">
      {dayIn(scheduled_at, time_zone)}, {spanIn(scheduled_at, ends_at, time_zone)}
      <span className="muted"> {zoneWords(time_zone, scheduled_at)}</span>
    </span>
  )
}

function Reach({ address, text }: { address: string; text: string }) {
  return (
    <a className="text-link" href={address}>
      {text}
    </a>
  )
}

function LeadLink({ lead_id }: { lead_id: number }) {
  const workspaceId = String(useWorkspaceId())
  return (
    <Link className="text-link" to="/w/$workspaceId/leads/$leadId" params={{ workspaceId, leadId: String(lead_id) }}>
      {lead_id}
    </Link>
  )
}

function BookedBy({ at, by }: { at: string; by: string }) {
  return (
    <>
      <RelativeTime at={at} /> by {by}
    </>
  )
}

const addressOf = ({ street, city, state, zip_code, country }: AppointmentShown) =>
  [street, city, [state, zip_code].filter(Boolean).join(' '), country].filter(Boolean).join(', ')

function keptFree({ before_minutes, after_minutes }: AppointmentShown) {
  const parts = [before_minutes && `${lengthOf(before_minutes)} before`, after_minutes && `${lengthOf(after_minutes)} after`]
  return parts.filter(Boolean).join(', ')
}
