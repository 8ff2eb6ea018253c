import { ActionIcon, Button, Loader } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Slot } from '../../../../shared/appointments.ts'
import { slots as slotsQuery } from '../../../api/appointments.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { dayAfter } from '../../../ui/days.ts'
import { clockIn, dayIn, shortDayIn, startOfDay, wallOf } from '../../../ui/zones.ts'
import { useUserName } from '../../leads/useUsers.ts'
import { byDay } from '../calendar/byDay.ts'
import { sentenceOf } from '../useChange.ts'
import { useZone } from '../useTypes.ts'
import type { AskedSlots } from './WhenField.tsx'

const DAYS = 7

type Props = { at: string | undefined; onChange: (at: string) => void; asked: AskedSlots }

/** The times at which somebody is free, a week of them at once. */
export function FreeTimes({ at, onChange, asked }: Props) {
  const zone = useZone()
  const today = wallOf(Date.now(), zone).date
  const [from, setFrom] = useState(() => [today, at ? wallOf(at, zone).date : today].toSorted().at(-1)!)
  const until = dayAfter(from, DAYS)
  const { data, error, isFetching, isPlaceholderData } = useQuery({
    ...slotsQuery(useWorkspaceId(), {
      ...asked,
      since: from === today ? undefined : startOfDay(from, zone),
      until: startOfDay(until, zone),
    }),
    placeholderData: keepPreviousData,
  })
  const span = `${shortDayIn(startOfDay(from, zone), zone)} – ${shortDayIn(startOfDay(dayAfter(until, -1), zone), zone)}`
  return (
    <div className="dialog-free" aria-busy={isFetching}>
      <div className="dialog-free-head">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Earlier"
          disabled={from <= today}
          onClick={() => setFrom([today, dayAfter(from, -DAYS)].toSorted().at(-1)!)}
        >
          <IconChevronLeft size={17} />
        </ActionIcon>
        <span className="number" aria-live="polite">
          {span}
        </span>
        <ActionIcon variant="subtle" color="gray" aria-label="Later" onClick={() => setFrom(until)}>
          <IconChevronRight size={17} />
        </ActionIcon>
        {isFetching && <Loader size={14} color="gray" />}
      </div>
      {error ? (
        <p className="dialog-refused" role="alert">
          {sentenceOf(error)}
        </p>
      ) : (
        <Days slots={data?.data} zone={zone} at={at} onChange={onChange} stale={isPlaceholderData} />
      )}
    </div>
  )
}

type DaysProps = Omit<Props, 'asked'> & { slots: Slot[] | undefined; zone: string; stale: boolean }

function Days({ slots, zone, at, onChange, stale }: DaysProps) {
  const nameOfUser = useUserName()
  if (!slots) return null
  if (!slots.length)
    return (
      <p className="muted dialog-nothing">
        Nothing is free in these days. Look later, ask for somebody else, or write a time by hand.
      </p>
    )
  return (
    <dl className="dialog-days" data-stale={stale || undefined}>
      {byDay(slots, ({ starts_at }) => starts_at, zone).map(slots => (
        <div key={slots[0]!.starts_at}>
          <dt>{dayIn(slots[0]!.starts_at, zone)}</dt>
          <dd>
            {slots.map(({ starts_at, user_ids }) => (
              <Button
                key={starts_at}
                size="compact-sm"
                variant={at && Date.parse(at) === Date.parse(starts_at) ? 'filled' : 'default'}
                aria-pressed={at !== undefined && Date.parse(at) === Date.parse(starts_at)}
                title={user_ids.map(nameOfUser).join(', ')}
                onClick={() => onChange(starts_at)}
              >
                {clockIn(starts_at, zone)}
              </Button>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}
