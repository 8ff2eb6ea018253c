import { MultiSelect, type MultiSelectProps } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { intakeWebhooks } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

/** Empty: every webhook of the workspace. */
export function AllowedWebhooks({ value = [], ...props }: Omit<MultiSelectProps, 'data'>) {
  const { data } = useInfiniteQuery(intakeWebhooks(useWorkspaceId()))
  const known = data?.pages.flatMap(page => page.data).map(({ id, name }) => ({ value: String(id), label: name })) ?? []
  const gone = value.filter(id => !known.some(one => one.value === id)).map(id => ({ value: id, label: `Webhook ${id}` }))
  return (
    <MultiSelect
      label="May send to"
      placeholder={value.length ? '' : 'every webhook'}
      searchable
      data={[...known, ...gone]}
      value={value}
      {...props}
    />
  )
}
