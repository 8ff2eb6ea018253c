import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ActivitiesQuery } from '../../../shared/events.ts'
import type { Asked } from '../../api/page.ts'
import { users } from '../../api/users.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { SearchField } from '../../ui/SearchField.tsx'
import { TimeFilter } from '../../ui/TimeFilter.tsx'
import { ExportMenu } from '../transfers/ExportMenu.tsx'
import { actionWords } from './words.ts'

export type Search = Pick<Asked<ActivitiesQuery>, 'q' | 'action' | 'actor_kind' | 'actor_id' | 'since' | 'until'>

const KINDS = [
  { value: 'user', label: 'Anybody here' },
  { value: 'key', label: 'Programs with a key' },
  { value: 'event', label: 'People themselves' },
  { value: 'intake', label: 'Leads that came in' },
  { value: 'customer', label: 'Customers who book' },
  { value: 'import', label: 'Imports' },
  { value: 'system', label: 'The system' },
]

type Props = { search: Search; actions: string[]; ask: (change: Search) => void }

/** What was changed, by whom, when, and the words in it. */
export function Filters({ search, actions, ask }: Props) {
  return (
    <search className="toolbar activities-toolbar">
      <SearchField label="Search names, values" value={search.q} onChange={q => ask({ q })} />
      <Select
        aria-label="Kind of change"
        placeholder="Every change"
        clearable
        searchable
        w={220}
        data={actions.map(value => ({ value, label: actionWords(value) }))}
        value={search.action ?? null}
        onChange={action => ask({ action: action ?? undefined })}
      />
      <WhoFilter search={search} ask={ask} />
      <TimeFilter search={search} ask={ask} />
      <ExportMenu of="activities" search={search} />
    </search>
  )
}

/** A kind of actor, or one user. */
function WhoFilter({ search: { actor_kind, actor_id }, ask }: Omit<Props, 'actions'>) {
  const { data } = useQuery(users(useWorkspaceId()))
  const people = data?.data.map(({ id, name }) => ({ value: `user ${id}`, label: name })) ?? []
  const choose = (who: string | null) => {
    const [kind, id] = (who ?? '').split(' ')
    ask({ actor_kind: kind || undefined, actor_id: id ? Number(id) : undefined })
  }
  return (
    <Select
      aria-label="Who changed it"
      placeholder="Anybody"
      clearable
      searchable
      w={180}
      data={[
        { group: 'Who', items: KINDS },
        { group: 'People here', items: people },
      ]}
      value={actor_kind ? [actor_kind, actor_id].filter(Boolean).join(' ') : null}
      onChange={choose}
    />
  )
}
