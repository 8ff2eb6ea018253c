import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ContactsQuery } from '../../../shared/contacts.ts'
import { tags as tagsQuery } from '../../api/tags.ts'
import type { Whose } from '../../api/whose.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { MineSwitch } from '../../ui/MineSwitch.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { RuleFilter } from './RuleFilter.tsx'
import { SEGMENTS, STAGES } from './stages.tsx'

type Search = { [K in 'q' | 'stage' | 'segment' | 'tag' | 'is_member' | 'rule' | 'archived']?: ContactsQuery[K] | undefined } & {
  owner_id?: Whose | undefined
}
type Props = { search: Search; ask: (change: Search) => void; end: ReactNode }

const ARCHIVED = 'archived'
const PEOPLE = [
  { value: 'true', label: 'Members' },
  { value: 'false', label: 'Not members' },
  { value: ARCHIVED, label: 'Archived' },
]

export function Filters({ search, ask, end }: Props) {
  const { data } = useQuery(tagsQuery(useWorkspaceId()))
  const names = data?.data.map(({ name }) => name) ?? []
  // An address may write it in another case, or name one that nobody has.
  const tag = names.find(name => name.toLowerCase() === search.tag?.toLowerCase()) ?? search.tag ?? null
  return (
    <search className="toolbar contacts-toolbar">
      <SearchField label="Search name, e-mail, phone, id" value={search.q} onChange={q => ask({ q })} />
      <Select
        aria-label="Stage"
        placeholder="Any stage"
        clearable
        w={124}
        data={STAGES.map(({ value, label }) => ({ value, label }))}
        value={search.stage ?? null}
        onChange={value => ask({ stage: (value as ContactsQuery['stage']) ?? undefined })}
      />
      <Select
        aria-label="Segment"
        placeholder="Any segment"
        clearable
        w={140}
        data={Object.entries(SEGMENTS).map(([value, { label }]) => ({ value, label }))}
        value={search.segment ?? null}
        onChange={value => ask({ segment: (value as ContactsQuery['segment']) ?? undefined })}
      />
      <Select
        aria-label="Tag"
        placeholder="Any tag"
        nothingFoundMessage="No tag yet"
        clearable
        searchable
        w={124}
        data={tag === null || names.includes(tag) ? names : [tag, ...names]}
        value={tag}
        onChange={value => ask({ tag: value ?? undefined })}
      />
      <Select
        aria-label="Which people"
        placeholder="All people"
        clearable
        w={124}
        data={PEOPLE}
        value={search.archived ? ARCHIVED : search.is_member === undefined ? null : String(search.is_member)}
        onChange={value =>
          ask({
            is_member: value === null || value === ARCHIVED ? undefined : value === 'true',
            archived: value === ARCHIVED || undefined,
          })
        }
      />
      <MineSwitch whose={search.owner_id} ask={owner_id => ask({ owner_id })} />
      <RuleFilter text={search.rule} set={rule => ask({ rule })} />
      {end}
    </search>
  )
}
