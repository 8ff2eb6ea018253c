import { Button } from '@mantine/core'
import { IconCheckbox } from '@tabler/icons-react'
import { Empty } from '../../ui/Empty.tsx'
import type { Search } from './Filters.tsx'

export function NoTasks({ search, everybody }: { search: Search; everybody: () => void }) {
  const mine = search.whose === undefined
  return (
    <Empty
      icon={IconCheckbox}
      title={search.state === 'done' ? 'Nothing was done yet' : mine ? 'Nothing is to do for you' : 'Nothing is to do'}
      actions={
        mine && (
          <Button variant="default" onClick={everybody}>
            Show everybody's
          </Button>
        )
      }
    >
      Calls, e-mails and meetings are planned on the page of a lead, under Work. What you plan or are given appears here.
    </Empty>
  )
}
