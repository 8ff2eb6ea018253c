import { Alert, Button, Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { StaffMember } from '../../../../shared/staff.ts'
import { endFeed, forgetBusy, makeFeed, readBusy, setBusy } from '../../../api/staff.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'

type Props = { person: StaffMember; may_change: boolean }

/** What goes out to other calendars, and what is read from them. */
export function Calendars({ person, may_change }: Props) {
  return (
    <>
      <Feed person={person} may_change={may_change} />
      <Busy person={person} may_change={may_change} />
    </>
  )
}

function Feed({ person: { user_id, has_feed }, may_change }: Props) {
  const make = useSetting(workspace_id => makeFeed(workspace_id, user_id), 'The address was made')
  const end = useSetting(workspace_id => endFeed(workspace_id, user_id), 'The address ends')
  const url = make.data?.url
  return (
    <div>
      <h3 className="hours-part">Appointments in another calendar</h3>
      <p className="muted hours-about">
        A private address that Google Calendar, Outlook or a phone subscribes to. Whoever has it sees the appointments, so it is
        shown once.
      </p>
      {url && <CodeBlock label="calendar address" text={url} />}
      {may_change && (
        <Group gap="xs" mt="xs">
          <Button variant="default" size="compact-sm" loading={make.isPending} onClick={() => make.mutate(undefined)}>
            {has_feed || url ? 'Make a new address' : 'Make an address'}
          </Button>
          {has_feed && (
            <Button
              variant="subtle"
              color="red"
              size="compact-sm"
              loading={end.isPending}
              onClick={() => end.mutate(undefined, { onSuccess: () => make.reset() })}
            >
              End it
            </Button>
          )}
        </Group>
      )}
    </div>
  )
}

function Busy({ person: { user_id, busy }, may_change }: Props) {
  const [url, setUrl] = useState('')
  const save = useSetting((workspace_id, url: string) => setBusy(workspace_id, user_id, url), 'The calendar was read')
  const read = useSetting(workspace_id => readBusy(workspace_id, user_id), 'The calendar was read')
  const forget = useSetting(workspace_id => forgetBusy(workspace_id, user_id), 'The calendar is not read any more')
  const error = save.error ?? read.error
  return (
    <div>
      <h3 className="hours-part">Busy elsewhere</h3>
      <p className="muted hours-about">
        The .ics address of a calendar of theirs, read every 15 minutes: what is in it is not offered. Only times are kept, no
        titles.
      </p>
      {busy && (
        <p className="hours-none">
          <b>{busy.host}</b>{' '}
          {busy.read_at ? (
            <span className="muted">
              read <RelativeTime at={busy.read_at} />
            </span>
          ) : (
            <span className="muted">not read yet</span>
          )}
        </p>
      )}
      {busy?.error && (
        <Alert color="orange" variant="light" p="sm" mb="xs">
          {busy.error}
        </Alert>
      )}
      {may_change && (
        <>
          <Group gap="xs" align="end">
            <TextInput
              className="busy-url"
              aria-label="Address of their calendar"
              placeholder="https://calendar.google.com/….ics"
              value={url}
              onChange={({ currentTarget }) => setUrl(currentTarget.value)}
            />
            <Button
              variant="default"
              loading={save.isPending}
              disabled={!url.trim()}
              onClick={() => save.mutate(url.trim(), { onSuccess: () => setUrl(now => (now === url ? '' : now)) })}
            >
              {busy ? 'Replace' : 'Read it'}
            </Button>
          </Group>
          {error && (
            <Alert color="red" variant="light" p="sm" mt="xs" role="alert">
              {error.message}
            </Alert>
          )}
          {busy && (
            <Group gap="xs" mt="xs">
              <Button variant="default" size="compact-sm" loading={read.isPending} onClick={() => read.mutate(undefined)}>
                Read now
              </Button>
              <Button
                variant="subtle"
                color="red"
                size="compact-sm"
                loading={forget.isPending}
                onClick={() => forget.mutate(undefined)}
              >
                Forget it
              </Button>
            </Group>
          )}
        </>
      )}
    </div>
  )
}
