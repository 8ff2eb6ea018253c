import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Setup } from '../../api/workspaces.ts'
import { count } from '../../ui/numbers.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'

export function FirstEvent({ setup, workspaceId }: { setup: Setup; workspaceId: string }) {
  const arrived = setup.first_event_at !== null
  return (
    <section className="setup-state" data-arrived={arrived || undefined} aria-live="polite" aria-label="First event">
      <span className="setup-light" aria-hidden>
        {arrived && <IconCheck size={18} stroke={2.2} />}
      </span>
      <div>
        <h2>{arrived ? 'Events are arriving' : 'Waiting for your first event'}</h2>
        <p>
          {arrived ? (
            <>
              {count(setup.events_last_hour, 'event')} in the last hour, the latest <RelativeTime at={setup.last_event_at} />.
            </>
          ) : (
            'Put the snippet into a page and open it, or send an event with curl. This turns green by itself.'
          )}
        </p>
      </div>
      {arrived && (
        <Button variant="default" renderRoot={props => <Link to="/w/$workspaceId/live" params={{ workspaceId }} {...props} />}>
          Watch them arrive
        </Button>
      )}
    </section>
  )
}
