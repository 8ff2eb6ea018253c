import { Button } from '@mantine/core'
import { IconCalendarEvent, IconSearchOff } from '@tabler/icons-react'
import { Empty } from '../../../ui/Empty.tsx'
import type { ListTab } from '../Filters.tsx'

type Props = { tab: ListTab; filtered: boolean; clear: () => void; book: (() => void) | undefined }

const WORDS: Record<ListTab, { title: string; about: string }> = {
  next: {
    title: 'Nothing is coming up',
    about:
      'What you or your colleagues book, and what customers book on a booking page, appears here, what comes first at the top.',
  },
  unassigned: {
    title: 'Everything that is booked has somebody',
    about: 'An appointment that no routing rule fits, or for which nobody was free, waits here until you give it to somebody.',
  },
  waiting: {
    title: 'Every appointment that is over has an outcome',
    about: 'When one ends and nobody wrote down what came of it, it waits here: complete it, or say that nobody came.',
  },
  all: {
    title: 'No appointments yet',
    about: 'Book the first one here, from a contact, a lead, or a free time in the calendar.',
  },
}

export function NoAppointments({ tab, filtered, clear, book }: Props) {
  if (filtered)
    return (
      <Empty
        icon={IconSearchOff}
        title="No appointment fits this search"
        actions={
          <Button variant="default" onClick={clear}>
            Show all of this list
          </Button>
        }
      >
        Names, e-mail addresses, phone numbers and the number of an appointment are searched.
      </Empty>
    )
  const { title, about } = WORDS[tab]
  const offers = book && (tab === 'next' || tab === 'all')
  return (
    <Empty icon={IconCalendarEvent} title={title} actions={offers && <Button onClick={book}>Book an appointment</Button>}>
      {about}
    </Empty>
  )
}
