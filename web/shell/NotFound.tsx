import { Button } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { Empty } from '../ui/Empty.tsx'

export function NotFound() {
  return (
    <Empty
      icon={IconMapOff}
      title="There is no such screen"
      actions={
        <Button component="a" href="/">
          Go to your contacts
        </Button>
      }
    >
      The address may be mistyped, or from an older version.
    </Empty>
  )
}
