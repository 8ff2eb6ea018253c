import { Button, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Key } from '../../../shared/workspaces.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { keys, revokeKey } from '../../api/workspaces.ts'
import { Failure } from '../../ui/Failure.tsx'
import { KeyRow } from './KeyRow.tsx'
import { NewKey } from './NewKey.tsx'

export function Keys() {
  const workspace_id = useWorkspaceId()
  const { data, error, refetch } = useQuery(keys(workspace_id))
  const [creating, create] = useDisclosure()
  const revoke = useRevoke()
  return (
    <section className="setup-part">
      <header>
        <h2>Keys</h2>
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={create.open}>
          New key
        </Button>
      </header>
      <p>A write key may only send events, so it can stand in a page. A secret key reads and changes: keep it on a server.</p>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={120} />}
      {data && (
        <ul className="setup-keys">
          {[...data.data].sort(livingFirst).map(key => (
            <KeyRow key={key.id} item={key} revoke={() => revoke(key)} />
          ))}
        </ul>
      )}
      <NewKey opened={creating} onClose={create.close} />
    </section>
  )
}

function useRevoke() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const run = async (key: Key) => {
    try {
      await revokeKey(workspace_id, key.id)
      notifications.show({ message: `${key.name} was revoked` })
    } catch (error) {
      notifications.show({ color: 'red', title: 'The key was not revoked', message: (error as Error).message })
    }
    await queries.invalidateQueries({ queryKey: [workspace_id, '/keys'] })
  }
  return (key: Key) =>
    modals.openConfirmModal({
      title: `Revoke the key ${key.name}?`,
      children:
        key.kind === 'write'
          ? 'Pages and servers that use it can send nothing from now on: their events are refused. This cannot be taken back.'
          : 'Programs that use it are refused from now on. This cannot be taken back.',
      labels: { confirm: 'Revoke', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => void run(key),
    })
}

function livingFirst(one: Key, other: Key) {
  return Number(one.revoked_at !== null) - Number(other.revoked_at !== null) || one.id - other.id
}
