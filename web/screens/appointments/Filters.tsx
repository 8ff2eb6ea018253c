import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { type AppointmentStatus, OPEN_STATUSES } from '../../../shared/appointments.ts'
import { readWhose, type Whose } from '../../api/whose.ts'
import { MineSwitch } from '../../ui/MineSwitch.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { useUserChoices } from '../leads/useUsers.ts'
import type { View } from './calendar/dates.ts'
import { useTypes } from './useTypes.ts'
import { STATUS_CHOICES } from './words.ts'

export const TABS = ['next', 'unassigned', 'waiting', 'all'] as const
export type ListTab = (typeof TABS)[number]

/** As it stands in the address; the calendar without a tab. */
export type Search = {
  tab?: ListTab | undefined
  view?: View | undefined
  date?: string | undefined
  q?: string | undefined
  assigned_to?: Whose | undefined
  type?: string | undefined
  status?: AppointmentStatus | undefined
}

const OPEN: readonly string[] = OPEN_STATUSES

type Props = { search: Search; ask: (change: Search) => void; children?: ReactNode }

export function Filters({ search, ask, children }: Props) {
  const people = useUserChoices()
  const types = useTypes()
  const { tab } = search
  const statuses = tab === 'next' ? STATUS_CHOICES.filter(({ value }) => OPEN.includes(value)) : STATUS_CHOICES
  return (
    <search className="toolbar appointments-filters">
      {tab && <SearchField label="Search name, e-mail, phone, id" value={search.q} onChange={q => ask({ q })} />}
      {tab !== 'unassigned' && <MineSwitch whose={search.assigned_to} ask={assigned_to => ask({ assigned_to })} />}
      {tab !== 'unassigned' && (
        <Select
          aria-label="Whose"
          placeholder="Everybody's"
          clearable
          searchable
          w={160}
          data={[{ value: 'me', label: 'Mine' }, { value: '0', label: "Nobody's yet" }, ...people]}
          value={search.assigned_to === undefined ? null : String(search.assigned_to)}
          onChange={value => ask({ assigned_to: readWhose(value) })}
        />
      )}
      <Select
        aria-label="Type"
        placeholder="Any type"
        clearable
        w={160}
        data={types.map(({ key, name }) => ({ value: key, label: name }))}
        value={search.type ?? null}
        onChange={value => ask({ type: value ?? undefined })}
      />
      {tab !== 'unassigned' && tab !== 'waiting' && (
        <Select
          aria-label="Status"
          placeholder={tab ? 'Any status' : 'Not cancelled'}
          clearable
          w={150}
          data={statuses}
          value={search.status ?? null}
          onChange={value => ask({ status: (value as AppointmentStatus) ?? undefined })}
        />
      )}
      {children}
    </search>
  )
}
