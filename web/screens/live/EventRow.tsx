import { IconChevronRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { memo, useState } from 'react'
import type { Event } from '../../../shared/events.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { JsonView } from '../../ui/JsonView.tsx'
import { absolute, clockWithSeconds } from '../../ui/times.ts'
import { EventLine } from '../events/EventLine.tsx'
import { eventIcon, eventTone } from '../events/eventIcon.ts'

type Props = { event: Event; key_name: string | undefined; fresh: boolean; onOpen: () => void }

export const EventRow = memo(function EventRow({ event, key_name, fresh, onOpen }: Props) {
  const [opened, setOpened] = useState(false)
  const Sign = eventIcon(event.event)
  const toggle = () => {
    if (!opened) onOpen()
    setOpened(!opened)
  }
  return (
    <li className="live-event" data-fresh={fresh || undefined} data-tone={eventTone(event.event)}>
      <div className="live-row">
        <button
          type="button"
          className="live-toggle"
          aria-expanded={opened}
          aria-label={`${event.event}: the raw event`}
          onClick={toggle}
        >
          <IconChevronRight size={15} stroke={1.7} aria-hidden />
        </button>
        <time
          className="number"
          dateTime={event.occurred_at}
          title={`Received ${absolute(event.received_at)}, happened ${absolute(event.occurred_at)}`}
        >
          {clockWithSeconds(event.received_at)}
        </time>
        <span className="live-sign">
          <Sign size={15} stroke={1.7} aria-hidden />
        </span>
        <span className="live-what">
          <EventLine event={event.event} properties={event.properties} context={event.context} />
        </span>
        <Who event={event} />
        <span className="live-key cut" title={key_name ? `Came with the key ${key_name}` : undefined}>
          {event.is_bot ? 'bot' : (key_name ?? '')}
        </span>
      </div>
      {opened && (
        <div className="live-raw">
          <JsonView value={event} />
        </div>
      )}
    </li>
  )
})

function Who({ event }: { event: Event }) {
  const workspaceId = String(useWorkspaceId())
  if (event.contact_id)
    return (
      <Link
        className="live-who text-link cut"
        to="/w/$workspaceId/contacts/$contactId"
        params={{ workspaceId, contactId: String(event.contact_id) }}
      >
        {event.contact_name ?? `Contact ${event.contact_id}`}
      </Link>
    )
  return (
    <Link
      className="live-who text-link live-anonymous mono cut"
      to="/w/$workspaceId/visitors/$visitorId"
      params={{ workspaceId, visitorId: String(event.visitor_id) }}
      title={event.distinct_id}
    >
      {event.distinct_id}
    </Link>
  )
}
