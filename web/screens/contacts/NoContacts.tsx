import { Button } from '@mantine/core'
import { IconSearchOff, IconUsers } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Empty } from '../../ui/Empty.tsx'

export function NoContacts({ filtered, clear, create }: { filtered: boolean; clear: () => void; create: () => void }) {
  const workspaceId = String(useWorkspaceId())
  if (filtered)
    return (
      <Empty
        icon={IconSearchOff}
        title="Nobody fits this search"
        actions={
          <Button variant="default" onClick={clear}>
            Show all contacts
          </Button>
        }
      >
        Names, e-mail addresses, phone numbers and user ids are searched.
      </Empty>
    )
  return (
    <Empty
      icon={IconUsers}
      title="No contacts yet"
      actions={
        <>
          <Button renderRoot={props => <Link to="/w/$workspaceId/setup" params={{ workspaceId }} {...props} />}>
            Set up your site
          </Button>
          <Button variant="default" onClick={create}>
            Add one by hand
          </Button>
        </>
      }
    >
      A visitor becomes a contact the moment they leave an e-mail or a phone number. Everything they did before comes along.
    </Empty>
  )
}
