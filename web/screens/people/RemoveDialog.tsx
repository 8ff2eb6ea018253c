import { Checkbox, Modal, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { HandedOver, User } from '../../../shared/users.ts'
import { useMay } from '../../api/may.ts'
import { leavings, removeMember } from '../../api/people.ts'
import { quietly } from '../../api/quietly.ts'
import { session } from '../../api/session.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import { count } from '../../ui/numbers.ts'

type Props = { user: User | undefined; others: User[]; onClose: () => void }

/** Somebody goes: what becomes of what is theirs. */
export function RemoveDialog({ user, others, onClose }: Props) {
  const { data: me } = useQuery(session)
  const title = user && (user.id === me?.user.id ? 'Leave this workspace?' : `Remove ${user.name}?`)
  return (
    <Modal opened={user !== undefined} onClose={onClose} title={title}>
      {user && <RemoveForm user={user} others={others.filter(({ id }) => id !== user.id)} done={onClose} />}
    </Modal>
  )
}

const KEEP = 'keep'
const NOBODY = '0'

function RemoveForm({ user, others, done }: { user: User; others: User[]; done: () => void }) {
  const workspace_id = useWorkspaceId()
  const may_see = useMay('admin')
  const queries = useQueryClient()
  const leave = useLeave(user.id)
  const { data: me } = useQuery(session)
  const [to, setTo] = useState(KEEP)
  const [revoke_keys, setRevoke] = useState(false)
  const is_me = user.id === me?.user.id
  const { mutate, isPending, isIdle, error } = useMutation({
    mutationFn: (search: Parameters<typeof removeMember>[2]) =>
      is_me ? leave(search) : removeMember(workspace_id, user.id, search),
    onSuccess: async () => {
      notifications.show({ message: is_me ? 'You left the workspace' : `${user.name} was removed` })
      if (is_me) return
      done()
      await queries.invalidateQueries({ queryKey: [workspace_id] })
    },
  })
  // Asked no more once they go: nothing is known of who is gone.
  const { data } = useQuery({ ...leavings(workspace_id, user.id), enabled: may_see && (isIdle || error !== null) })
  const remove = () => mutate({ ...(to !== KEEP && { transfer_to: Number(to) }), ...(revoke_keys && { revoke_keys }) })
  const has = data ? wordsOf(data.records) : ''
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        remove()
      }}
    >
      <p className="people-once">
        {is_me ? 'You are' : 'They are'} out with the next request, in every tab and on every device.
        {data && has === '' && ' No open record is theirs.'}
      </p>
      {has !== '' && (
        <Select
          label="What becomes of their records"
          description={`Theirs: ${has}`}
          data={[
            { value: KEEP, label: 'They stay as they are' },
            { value: NOBODY, label: 'They become nobody’s' },
            ...others.map(({ id, name }) => ({ value: String(id), label: `They become ${name}’s` })),
          ]}
          value={to}
          onChange={chosen => chosen && setTo(chosen)}
          allowDeselect={false}
        />
      )}
      {data && data.keys.length > 0 && (
        <Checkbox
          mt="md"
          label={`Revoke ${count(data.keys.length, 'key')} that they made`}
          description={`${data.keys.map(({ name }) => name).join(', ')}. Without that, whoever has them goes on.`}
          checked={revoke_keys}
          onChange={({ currentTarget }) => setRevoke(currentTarget.checked)}
        />
      )}
      <DialogEnd submit={is_me ? 'Leave' : 'Remove'} disabled={may_see && !data} saving={isPending} error={error} cancel={done} />
    </form>
  )
}

/** Leaves, and leads out of a workspace that answers nothing any more: to another of theirs, or to where none is. */
function useLeave(user_id: number) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const navigate = useNavigate()
  return (search: Parameters<typeof removeMember>[2]) =>
    quietly(queries, workspace_id, async () => {
      await removeMember(workspace_id, user_id, search)
      await queries.cancelQueries({ queryKey: session.queryKey })
      queries.setQueryData(
        session.queryKey,
        mine => mine && { ...mine, workspaces: mine.workspaces.filter(({ id }) => id !== workspace_id) },
      )
      await navigate({ to: '/' })
      queries.removeQueries({ queryKey: [workspace_id] })
    })
}

function wordsOf({ contacts, visitors, leads, tasks, appointments }: HandedOver) {
  return [
    contacts > 0 && count(contacts, 'contact'),
    visitors > 0 && count(visitors, 'visitor'),
    leads > 0 && count(leads, 'open lead'),
    tasks > 0 && count(tasks, 'open task'),
    appointments > 0 && count(appointments, 'appointment'),
  ]
    .filter(Boolean)
    .join(', ')
}
