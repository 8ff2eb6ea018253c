import { Autocomplete, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { EventRule } from '../../../../shared/segments.ts'
import { eventNames } from '../../../api/events.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { RemoveRow } from '../../../ui/FormRows.tsx'
import { fromField, toField } from '../../../ui/times.ts'
import { EVENT_WORDS } from './words.ts'

const DIDS = Object.entries(EVENT_WORDS).map(([value, label]) => ({ value, label: label.toLowerCase() }))
const ANY_TIME = { value: 'any', label: 'at any time' }
const WHENS = [
  { value: 'within', label: 'in the last' },
  { value: 'since', label: 'since' },
  { value: 'until', label: 'before' },
  { value: 'between', label: 'between' },
]

type Props = { rule: EventRule; set: (rule: EventRule) => void }

/** What they did, how often, when, and with which property. */
export function EventFields({ rule, set }: Props) {
  const { data } = useQuery(eventNames(useWorkspaceId()))
  const names = [...new Set(data?.data.map(({ event }) => event))]
  const { did, event, at_least = 1, property } = rule
  const counts = did === 'did' || did === 'did_not'
  const change = (did: EventRule['did']) => {
    const { at_least: _, ...rest } = rule
    if (did === 'did' || did === 'did_not') return set({ ...rule, did })
    const asks_when = rule.within_days === undefined && rule.since === undefined && rule.until === undefined
    set({ ...rest, did, ...(asks_when && { within_days: 30 }) })
  }
  return (
    <>
      <Select
        aria-label="Did or did not"
        allowDeselect={false}
        w={110}
        data={DIDS}
        value={did}
        onChange={value => value && change(value as EventRule['did'])}
      />
      <Autocomplete
        aria-label="Event"
        placeholder="video_started, …"
        w={210}
        maxLength={200}
        data={names}
        value={event}
        onChange={event => set({ ...rule, event })}
      />
      {counts && (
        <NumberInput
          hideControls
          aria-label="At least so many times"
          w={116}
          min={1}
          max={1_000_000}
          allowDecimal={false}
          suffix={at_least === 1 ? ' time' : ' times'}
          value={at_least}
          onChange={value => set({ ...rule, at_least: Number(value) || 1 })}
        />
      )}
      <When rule={rule} set={set} />
      {property === undefined ? (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={12} />}
          onClick={() => set({ ...rule, property: '', value: '' })}
        >
          with a property
        </Button>
      ) : (
        <WithProperty rule={rule} set={set} />
      )}
    </>
  )
}

function When({ rule, set }: Props) {
  const { within_days, since, until, ...rest } = rule
  const when = whenOf(rule)
  const asks_when = rule.did === 'first' || rule.did === 'last'
  const choose = (when: string) => {
    if (when === 'within') return set({ ...rest, within_days: 30 })
    set({
      ...rest,
      ...((when === 'since' || when === 'between') && { since: '' }),
      ...((when === 'until' || when === 'between') && { until: '' }),
    })
  }
  return (
    <>
      <Select
        aria-label="When"
        allowDeselect={false}
        w={130}
        data={asks_when ? WHENS : [ANY_TIME, ...WHENS]}
        value={when}
        onChange={value => value && choose(value)}
      />
      {when === 'within' && (
        <NumberInput
          hideControls
          aria-label="Days"
          w={110}
          min={1}
          max={3650}
          allowDecimal={false}
          suffix={within_days === 1 ? ' day' : ' days'}
          value={within_days ?? 30}
          onChange={value => set({ ...rule, within_days: Number(value) || 1 })}
        />
      )}
      {since !== undefined && <Moment label="From" value={since} set={since => set({ ...rule, since })} />}
      {until !== undefined && <Moment label="Until" value={until} set={until => set({ ...rule, until })} />}
    </>
  )
}

function whenOf({ within_days, since, until }: EventRule) {
  if (within_days !== undefined) return 'within'
  if (since !== undefined) return until === undefined ? 'since' : 'between'
  return until === undefined ? 'any' : 'until'
}

function Moment({ label, value, set }: { label: string; value: string; set: (value: string) => void }) {
  return (
    <TextInput
      type="datetime-local"
      aria-label={label}
      value={toField(value || undefined)}
      onChange={({ currentTarget }) => set(fromField(currentTarget.value) ?? '')}
    />
  )
}

function WithProperty({ rule, set }: Props) {
  const { property: _, value: __, ...without } = rule
  return (
    <span className="segment-with">
      <span className="muted">with</span>
      <TextInput
        aria-label="Property of the event"
        placeholder="video_id"
        w={120}
        maxLength={200}
        value={rule.property ?? ''}
        onChange={({ currentTarget }) => set({ ...rule, property: currentTarget.value })}
      />
      <TextInput
        aria-label="Value of the property"
        placeholder="value"
        w={120}
        maxLength={500}
        value={String(rule.value ?? '')}
        onChange={({ currentTarget }) => set({ ...rule, value: currentTarget.value })}
      />
      <RemoveRow label="Without a property" onClick={() => set(without)} />
    </span>
  )
}
