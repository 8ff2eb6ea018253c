import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { NARROW, useMatch } from '../../../ui/narrow.ts'
import { ZoneNote } from '../AppointmentParts.tsx'
import { titleOf, VIEWS, type View } from './dates.ts'
import './calendar.css'

type Props = {
  view: View
  date: string
  dates: string[]
  today: () => void
  go: (steps: number) => void
  choose: (view: View) => void
  /** Whether everything is shown. */
  complete: boolean
}

const NAMES: Record<View, string> = { day: 'Day', week: 'Week', month: 'Month', agenda: 'Agenda' }

/** When this is, how to go on and back, and how much of it is shown. */
export function CalendarHead({ view, date, dates, today, go, choose, complete }: Props) {
  const narrow = useMatch(NARROW)
  const views = narrow ? VIEWS.filter(view => view !== 'week') : VIEWS
  return (
    <div className="calendar-head">
      <div className="calendar-go">
        <Button variant="default" size="compact-sm" onClick={today} aria-keyshortcuts="t">
          Today
        </Button>
        <ActionIcon variant="subtle" color="gray" aria-label="Back" onClick={() => go(-1)}>
          <IconChevronLeft size={18} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label="Forward" onClick={() => go(1)}>
          <IconChevronRight size={18} />
        </ActionIcon>
        <h2 aria-live="polite">{titleOf(view, date, dates)}</h2>
      </div>
      <ZoneNote at={Date.parse(date)} />
      {!complete && (
        <span className="calendar-many" role="status">
          Only the first 2,000 are shown: choose a person or fewer days.
        </span>
      )}
      <SegmentedControl
        className="calendar-views"
        size="xs"
        aria-label="View"
        data={views.map(value => ({ value, label: NAMES[value] }))}
        value={view}
        onChange={value => choose(value as View)}
      />
    </div>
  )
}
