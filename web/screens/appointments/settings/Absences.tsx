import { ActionIcon, Alert, Button, Checkbox, Group, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { StaffMember } from '../../../../shared/staff.ts'
import { addAbsence, removeAbsence } from '../../../api/staff.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { clockIn, momentOf, shortDayIn, startOfDay, wallOf } from '../../../ui/zones.ts'

type Props = { person: StaffMember; zone: string; may_change: boolean }

/** When somebody is away. Saved one by one: an absence is said once, and then it is so. */
export function Absences({ person: { user_id, absences }, zone, may_change }: Props) {
  const [adding, setAdding] = useState(false)
  const { mutate } = useSetting((workspace_id, id: number) => removeAbsence(workspace_id, user_id, id), 'Absence removed')
  return (
    <div>
      <h3 className="hours-part">Away</h3>
      {absences.length > 0 && (
        <ul className="setting-list" aria-label="Absences">
          {absences.map(({ id, starts_at, ends_at, reason }) => (
            <li key={id} className="absence-line">
              <span>
                {spanWords(starts_at, ends_at, zone)}
                {reason && <span className="muted"> · {reason}</span>}
              </span>
              {may_change && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove the absence from ${shortDayIn(starts_at, zone)}`}
                  onClick={() => mutate(id)}
                >
                  <IconX size={15} stroke={1.7} />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {absences.length === 0 && !adding && <p className="muted hours-none">No absence is planned.</p>}
      {adding ? (
        <NewAbsence user_id={user_id} zone={zone} done={() => setAdding(false)} />
      ) : (
        may_change && (
          <Button variant="default" size="compact-sm" leftSection={<IconPlus size={13} />} onClick={() => setAdding(true)}>
            Add an absence
          </Button>
        )
      )}
    </div>
  )
}

function NewAbsence({ user_id, zone, done }: { user_id: number; zone: string; done: () => void }) {
  const today = wallOf(Date.now(), zone).date
  const [whole_days, setWhole] = useState(true)
  const [from, setFrom] = useState({ date: today, clock: '09:00' })
  const [until, setUntil] = useState({ date: today, clock: '17:00' })
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, span: { starts_at: string; ends_at: string }) =>
      addAbsence(workspace_id, user_id, { ...span, reason: reason.trim() || null }),
    'Absence added',
  )
  const save = () => {
    const span = whole_days
      ? { starts_at: startOfDay(from.date, zone), ends_at: startOfDay(dayAfter(until.date), zone) }
      : { starts_at: momentAt(from, zone), ends_at: momentAt(until, zone) }
    mutate(span, { onSuccess: done })
  }
  const filled = from.date !== '' && until.date !== ''
  return (
    <fieldset className="new-absence">
      <Group gap="sm" align="end">
        <TextInput
          type="date"
          label="From"
          value={from.date}
          onChange={({ currentTarget }) => setFrom({ ...from, date: currentTarget.value })}
        />
        {!whole_days && (
          <TextInput
            type="time"
            aria-label="From: time"
            value={from.clock}
            onChange={({ currentTarget }) => setFrom({ ...from, clock: currentTarget.value })}
          />
        )}
        <TextInput
          type="date"
          label={whole_days ? 'Last day' : 'Until'}
          min={from.date}
          value={until.date}
          onChange={({ currentTarget }) => setUntil({ ...until, date: currentTarget.value })}
        />
        {!whole_days && (
          <TextInput
            type="time"
            aria-label="Until: time"
            value={until.clock}
            onChange={({ currentTarget }) => setUntil({ ...until, clock: currentTarget.value })}
          />
        )}
      </Group>
      <Checkbox
        mt="sm"
        label="Whole days"
        checked={whole_days}
        onChange={({ currentTarget }) => setWhole(currentTarget.checked)}
      />
      <TextInput
        mt="sm"
        label="Reason"
        description="For colleagues; customers never see it."
        maxLength={500}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      {error && (
        <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
          {error.message}
        </Alert>
      )}
      <Group gap="xs" mt="sm">
        <Button size="compact-sm" loading={isPending} disabled={!filled} onClick={save}>
          Add absence
        </Button>
        <Button variant="default" size="compact-sm" onClick={done}>
          Cancel
        </Button>
      </Group>
    </fieldset>
  )
}

const momentAt = ({ date, clock }: { date: string; clock: string }, zone: string) =>
  momentOf({ date, minutes: Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)) }, zone).at

function dayAfter(date: string) {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10)
}

/** "Mon 3 Mar – Fri 7 Mar" when it is of whole days, with times when it is not. */
function spanWords(starts_at: string, ends_at: string, zone: string) {
  const [from, until] = [wallOf(starts_at, zone), wallOf(ends_at, zone)]
  if (from.minutes === 0 && until.minutes === 0) {
    const last = new Date(Date.parse(ends_at) - 1000).toISOString()
    const [first_day, last_day] = [shortDayIn(starts_at, zone), shortDayIn(last, zone)]
    return first_day === last_day ? first_day : `${first_day} – ${last_day}`
  }
  return `${shortDayIn(starts_at, zone)} ${clockIn(starts_at, zone)} – ${shortDayIn(ends_at, zone)} ${clockIn(ends_at, zone)}`
}
