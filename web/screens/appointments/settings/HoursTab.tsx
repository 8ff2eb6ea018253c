import { Collapse } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { StaffMember } from '../../../../shared/staff.ts'
import { useMay } from '../../../api/may.ts'
import { session } from '../../../api/session.ts'
import { staff } from '../../../api/staff.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { shortDayIn } from '../../../ui/zones.ts'
import { hoursWords } from './hoursWords.ts'
import { PersonHours } from './PersonHours.tsx'

/** Everybody who works here, and when. Everybody changes their own hours; managers everybody's. */
export function HoursTab() {
  const { data, error, refetch } = useQuery(staff(useWorkspaceId()))
  const { data: me } = useQuery(session)
  const may_change_all = useMay('update')
  const [opened, open] = useState<number>()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The hours could not be loaded" />
  if (!data) return <SkeletonLines lines={6} padding="20px 0" />
  return (
    <>
      <p className="muted settings-page-about">
        When people can be booked: by customers on a booking page, by routing rules, and as free times in every dialog.
      </p>
      <ul className="setting-list" aria-label="People">
        {data.data.map(person => {
          const is_open = opened === person.user_id
          return (
            <li key={person.user_id}>
              <button
                type="button"
                className="setting-line hours-line"
                aria-expanded={is_open}
                onClick={() => open(is_open ? undefined : person.user_id)}
              >
                <IconChevronRight size={15} stroke={1.7} className="hours-chevron" />
                <span className="hours-person">
                  <b>{person.name}</b>
                  <span className="muted">{summaryOf(person)}</span>
                </span>
                <States person={person} />
              </button>
              <Collapse expanded={is_open} keepMounted={false}>
                <PersonHours person={person} may_change={may_change_all || person.user_id === me?.user.id} />
              </Collapse>
            </li>
          )
        })}
      </ul>
    </>
  )
}

function summaryOf({ time_zone, hours }: StaffMember) {
  if (time_zone === null) return 'No hours yet'
  return `${hoursWords(hours) || 'No weekly hours'} · ${time_zone}`
}

function States({ person: { time_zone, bookable, absences, busy } }: { person: StaffMember }) {
  const away = absences[0]
  return (
    <span className="hours-states">
      {away && time_zone && (
        <Pill tone="warm">
          {Date.parse(away.starts_at) <= Date.now() ? 'Away until ' : 'Away from '}
          {shortDayIn(Date.parse(away.starts_at) <= Date.now() ? away.ends_at : away.starts_at, time_zone)}
        </Pill>
      )}
      {busy?.error && <Pill tone="bad">Calendar not read</Pill>}
      {time_zone !== null && !bookable && <Pill tone="plain">Not bookable</Pill>}
    </span>
  )
}
