import { Button, Popover, Select, Stack, TextInput } from '@mantine/core'
import { IconCalendar, IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { today } from '../../ui/days.ts'
import { type Sheet, useSheet } from '../transfers/useSheet.ts'
import { type Asked, DAYS, PERIODS, periodOf, periodWords } from './period.ts'

type Props = {
  search: Asked
  ask: (change: Asked) => void
  /** What the table is of. */
  children: ReactNode
  /** Undefined until there is something to save. */
  sheet: Sheet | undefined
}

const INTERVALS = [
  { value: 'day', label: 'By day' },
  { value: 'week', label: 'By week' },
  { value: 'month', label: 'By month' },
]

/** What is looked at, of which time, how fine, and the table as a file. */
export function Toolbar({ search, ask, children, sheet }: Props) {
  return (
    <search className="toolbar">
      {children}
      <PeriodField search={search} ask={ask} />
      <IntervalField search={search} ask={ask} />
      <SaveButton sheet={sheet} />
    </search>
  )
}

/** The table as a file. */
export function SaveButton({ sheet }: Pick<Props, 'sheet'>) {
  const { save, pending, may } = useSheet()
  if (!may) return null
  return (
    <Button
      className="reports-save"
      variant="default"
      leftSection={<IconDownload size={15} stroke={1.7} />}
      disabled={!sheet}
      loading={pending}
      onClick={() => sheet && void save(sheet)}
    >
      CSV
    </Button>
  )
}

type PeriodProps = Pick<Props, 'search' | 'ask'> & { time_zone?: string }

export function IntervalField({ search, ask, time_zone = 'UTC' }: PeriodProps) {
  return (
    <Select
      aria-label="Interval"
      w={120}
      allowDeselect={false}
      data={INTERVALS}
      value={periodOf(search, Date.now(), time_zone).interval}
      onChange={value => ask({ interval: (value as Asked['interval']) ?? undefined })}
    />
  )
}

export function PeriodField({ search, ask, time_zone = 'UTC' }: PeriodProps) {
  const { from, to } = periodOf(search, Date.now(), time_zone)
  const is_named = search.from !== undefined || search.to !== undefined
  const label = periodWords(search)
  return (
    <Popover position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          fw={400}
          justify="flex-start"
          leftSection={<IconCalendar size={15} stroke={1.6} />}
          aria-label={`Period: ${label}`}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <div className="reports-periods">
            {PERIODS.map(({ days, label }) => (
              <Button
                key={days}
                variant={!is_named && days === (search.days ?? DAYS) ? 'light' : 'default'}
                size="compact-sm"
                onClick={() =>
                  ask({ days: days === DAYS ? undefined : days, from: undefined, to: undefined, interval: undefined })
                }
              >
                {label}
              </Button>
            ))}
          </div>
          <TextInput
            type="date"
            label="From"
            max={to}
            value={from}
            onChange={({ currentTarget: { value } }) => value && ask({ from: value, to, interval: undefined })}
          />
          <TextInput
            type="date"
            label="To"
            min={from}
            max={today(Date.now(), time_zone)}
            value={to}
            onChange={({ currentTarget: { value } }) => value && ask({ from, to: value, interval: undefined })}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
