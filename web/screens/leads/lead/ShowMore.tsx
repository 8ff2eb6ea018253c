import { Button } from '@mantine/core'
import type { List } from '../../../ui/list.ts'

export function ShowMore<T>({ list }: { list: List<T> }) {
  if (list.complete) return null
  return (
    <Button variant="subtle" size="compact-sm" mt="xs" onClick={list.more} loading={!list.more}>
      Show more
    </Button>
  )
}
