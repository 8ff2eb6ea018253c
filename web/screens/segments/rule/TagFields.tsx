import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TagRule } from '../../../../shared/segments.ts'
import { tags } from '../../../api/tags.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

const CHOICES = [
  { value: 'has', label: 'Have the tag' },
  { value: 'not', label: 'Do not have the tag' },
]

export function TagFields({ rule, set }: { rule: TagRule; set: (rule: TagRule) => void }) {
  const { data } = useQuery(tags(useWorkspaceId()))
  const choices = data?.data.map(({ id, name }) => ({ value: String(id), label: name })) ?? []
  return (
    <>
      <Select
        aria-label="Has it or not"
        allowDeselect={false}
        w={190}
        data={CHOICES}
        value={rule.has ? 'has' : 'not'}
        onChange={value => value && set({ ...rule, has: value === 'has' })}
      />
      <Select
        aria-label="Tag"
        placeholder={data?.data.length === 0 ? 'no tag yet' : 'choose a tag'}
        searchable
        allowDeselect={false}
        w={200}
        data={choices}
        value={rule.tag_id ? String(rule.tag_id) : null}
        onChange={value => value && set({ ...rule, tag_id: Number(value) })}
      />
    </>
  )
}
