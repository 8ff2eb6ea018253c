import { Button } from '@mantine/core'
import { IconBuildingOff } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { signOut } from '../api/session.ts'
import { Empty } from '../ui/Empty.tsx'

/** For a user whom nobody has added to a workspace yet. */
export function NoWorkspace() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leave = async () => {
    await signOut()
    queries.clear()
    await navigate({ to: '/sign-in' })
  }
  return (
    <Empty
      icon={IconBuildingOff}
      title="You are in no workspace"
      actions={
        <Button variant="default" onClick={leave}>
          Sign out
        </Button>
      }
    >
      Ask an owner to add you to one, then reload this page.
    </Empty>
  )
}
