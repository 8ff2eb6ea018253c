import { Button, Group, Popover, Stack, TextInput } from '@mantine/core'
import { IconCalendar } from '@tabler/icons-react'
import { useState } from 'react'
import { fromField, short, toField } from './times.ts'
import './time-filter.css'

type Span = { since?: string | undefined; until?: string | undefined }

const HOUR = 3_600_000
const QUICK: [label: string, ms: number][] = [
  ['Last hour', HOUR],
  ['Last day', 24 * HOUR],
  ['Last 7 days', 7 * 24 * HOUR],
]

/** From when to when. */
export function TimeFilter({ search, ask }: { search: Span; ask: (change: Span) => void }) {
  const [opened, setOpened] = useState(false)
  const { since, until } = search
  const choose = (change: Span) => {
    ask(change)
    setOpened(false)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <Button
          className="toolbar-time"
          variant="default"
          fw={400}
          justify="flex-start"
          leftSection={<IconCalendar size={15} stroke={1.6} />}
          aria-label={`Time: ${words(search)}`}
          onClick={() => setOpened(!opened)}
        >
          {words(search)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Group gap="xs">
            {QUICK.map(([label, ms]) => (
              <Button
                key={label}
                variant="default"
                size="compact-sm"
                onClick={() => choose({ since: new Date(Date.now() - ms).toISOString(), until: undefined })}
              >
                {label}
              </Button>
            ))}
          </Group>
          <TextInput
            type="datetime-local"
            label="From"
            value={toField(since)}
            onChange={event => ask({ since: fromField(event.currentTarget.value) })}
          />
          <TextInput
            type="datetime-local"
            label="To"
            value={toField(until)}
            onChange={event => ask({ until: fromField(event.currentTarget.value) })}
          />
          <Group justify="space-between">
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              onClick={() => choose({ since: undefined, until: undefined })}
            >
              Any time
            </Button>
            <Button size="compact-sm" onClick={() => setOpened(false)}>
              Done
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function words({ since, until }: Span) {
  if (since && until) return `${short(since)} to ${short(until)}`
  if (since) return `Since ${short(since)}`
  if (until) return `Until ${short(until)}`
  return 'Any time'
}
