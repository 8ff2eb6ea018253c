import { ActionIcon } from '@mantine/core'
import { IconCopy, IconPlus, IconX } from '@tabler/icons-react'
import type { StaffMember } from '../../../../shared/staff.ts'
import { HourFields } from './HourFields.tsx'
import { hoursOf, WEEKDAYS } from './hoursWords.ts'

type Hours = StaffMember['hours']
type Props = { hours: Hours; onChange: (hours: Hours) => void }

/** The week: of each day none, one or several stretches. */
export function WeekHours({ hours, onChange }: Props) {
  const setDay = (weekday: number, day: { opens: string; closes: string }[]) =>
    onChange([...hours.filter(one => one.weekday !== weekday), ...day.map(one => ({ weekday, ...one }))])
  return (
    <ol className="week-hours" aria-label="Weekly hours">
      {WEEKDAYS.map((name, at) => {
        const weekday = at + 1
        const day = hoursOf(hours, weekday).map(({ opens, closes }) => ({ opens, closes }))
        const last = day.at(-1)
        const add = () =>
          setDay(weekday, [
            ...day,
            last && last.closes < '20:00' ? { opens: next(last.closes), closes: next(next(last.closes)) } : FIRST,
          ])
        return (
          <li key={name}>
            <b>{name}</b>
            <div className="week-hours-day">
              {day.length === 0 && <span className="muted">not at work</span>}
              {day.map((one, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a stretch has no name but its place
                <span key={index} className="week-hours-stretch">
                  <HourFields
                    label={`${name} ${index + 1}`}
                    value={one}
                    onChange={changed =>
                      setDay(
                        weekday,
                        day.map((other, k) => (k === index ? changed : other)),
                      )
                    }
                  />
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove ${name} ${one.opens} to ${one.closes}`}
                    onClick={() =>
                      setDay(
                        weekday,
                        day.filter((_, k) => k !== index),
                      )
                    }
                  >
                    <IconX size={15} stroke={1.7} />
                  </ActionIcon>
                </span>
              ))}
            </div>
            <span className="week-hours-tools">
              <ActionIcon variant="subtle" color="gray" aria-label={`Add hours on ${name}`} onClick={add}>
                <IconPlus size={15} stroke={1.7} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`The same as ${name} from Monday to Friday`}
                title="The same from Monday to Friday"
                onClick={() =>
                  onChange([
                    ...hours.filter(one => one.weekday > 5),
                    ...[1, 2, 3, 4, 5].flatMap(weekday => day.map(one => ({ weekday, ...one }))),
                  ])
                }
              >
                <IconCopy size={15} stroke={1.7} />
              </ActionIcon>
            </span>
          </li>
        )
      })}
    </ol>
  )
}

const FIRST = { opens: '09:00', closes: '17:00' }

/** An hour later. */
function next(clock: string) {
  const hour = Number(clock.slice(0, 2)) + 1
  return `${String(hour).padStart(2, '0')}${clock.slice(2)}`
}
