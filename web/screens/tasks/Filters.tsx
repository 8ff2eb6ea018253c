import { Select } from '@mantine/core'
import { TASK_KINDS, type TaskKind, type TasksQuery } from '../../../shared/tasks.ts'
import { TASK_WORDS } from '../leads/lead/taskWords.ts'
import { useUserChoices } from '../leads/useUsers.ts'

export type Search = {
  state?: TasksQuery['state'] | undefined
  kind?: TaskKind | undefined
  /** Yours without; `all`, or the number of a user, 0 for nobody. */
  whose?: string | undefined
}

const KIND_CHOICES = TASK_KINDS.map(value => ({ value, label: TASK_WORDS[value].label }))
const STATES = [
  { value: 'open', label: 'To do' },
  { value: 'done', label: 'Done' },
]

export function Filters({ search, ask }: { search: Search; ask: (change: Search) => void }) {
  const [me, ...others] = useUserChoices()
  const people = [
    { value: 'me', label: 'Mine' },
    { value: 'all', label: "Everybody's" },
    { value: '0', label: "Nobody's" },
    ...(me?.label.endsWith('(you)') ? others : me ? [me, ...others] : []),
  ]
  return (
    <search className="toolbar">
      <Select
        aria-label="Whose"
        allowDeselect={false}
        searchable
        w={170}
        data={people}
        value={search.whose ?? 'me'}
        onChange={value => ask({ whose: value === 'me' || value === null ? undefined : value })}
      />
      <Select
        aria-label="State"
        allowDeselect={false}
        w={120}
        data={STATES}
        value={search.state ?? 'open'}
        onChange={state => ask({ state: state === 'done' ? 'done' : undefined })}
      />
      <Select
        aria-label="Kind"
        placeholder="Any kind"
        clearable
        w={130}
        data={KIND_CHOICES}
        value={search.kind ?? null}
        onChange={kind => ask({ kind: (kind as TaskKind) ?? undefined })}
      />
    </search>
  )
}
