import { Checkbox, TagsInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { WebhookEvent } from '../../../../shared/webhooks.ts'
import { eventNames } from '../../../api/events.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { groupsOf, ownOf, toggleEverything, toggleGroup, toggleType } from './chooseEvents.ts'
import { EventGroup } from './EventGroup.tsx'

type Props = { catalogue: WebhookEvent[]; value: string[]; error: ReactNode; onChange: (events: string[]) => void }

export function EventsField({ catalogue, value, error, onChange }: Props) {
  const workspace_id = useWorkspaceId()
  const own = ownOf(value, catalogue)
  const setOwn = (names: string[]) => onChange([...value.filter(event => !own.includes(event)), ...names])
  return (
    <>
      <fieldset className="events-field">
        <legend className="unseen">Events</legend>
        <Checkbox
          label="Everything"
          description="All of the events below and those that later versions add, without what is about endpoints, deliveries and e-mails, and without conversion.created: conversion tells the same"
          checked={value.includes('*')}
          onChange={event => onChange(toggleEverything(value, catalogue, event.currentTarget.checked))}
        />
        <ul className="events-groups">
          {groupsOf(catalogue).map(group => (
            <EventGroup
              key={group.name}
              group={group}
              value={value}
              onGroup={on => onChange(toggleGroup(value, group, on))}
              onType={(type, on) => onChange(toggleType(value, group, type, on))}
            />
          ))}
        </ul>
        {error && (
          <p className="events-error" role="alert">
            {error}
          </p>
        )}
        <Link
          className="text-link"
          to="/w/$workspaceId/webhook-events"
          params={{ workspaceId: String(workspace_id) }}
          target="_blank"
        >
          What each of them means, with examples
        </Link>
      </fieldset>
      <OwnEvents value={own} onChange={setOwn} catalogue={catalogue} />
    </>
  )
}

// Of a list that is pasted. A name may have a comma, so a comma ends none.
const LINES = ['\n']

function OwnEvents({
  value,
  onChange,
  catalogue,
}: {
  value: string[]
  onChange: (names: string[]) => void
  catalogue: WebhookEvent[]
}) {
  const { data } = useQuery(eventNames(useWorkspaceId()))
  const known = new Set(catalogue.map(({ type }) => type))
  const seen = data?.data.map(({ event }) => event).filter(event => !known.has(event)) ?? []
  return (
    <TagsInput
      label="Events of your own"
      description="By their exact name, with Enter after each. Those that have arrived here are suggested."
      placeholder={value.length ? '' : 'quiz_answered'}
      data={seen}
      value={value}
      onChange={onChange}
      splitChars={LINES}
      acceptValueOnBlur
      maxDropdownHeight={240}
    />
  )
}
