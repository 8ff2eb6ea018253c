import { ActionIcon, Button, Select } from '@mantine/core'
import { IconUserMinus, IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { User } from '../../../shared/users.ts'
import { changeRole, members } from '../../api/people.ts'
import { session } from '../../api/session.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { Initials } from '../../ui/Initials.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { Invitations } from './Invitations.tsx'
import { InviteDialog } from './InviteDialog.tsx'
import { RemoveDialog } from './RemoveDialog.tsx'
import { roleOf, useRoleChoices, valueOfRole } from './roleWords.ts'

/** Everybody who works here, and who was asked to. */
export function MembersTab({ may_change }: { may_change: boolean }) {
  const { data, error, refetch } = useQuery(members(useWorkspaceId()))
  const [inviting, invite] = useState(false)
  const [leaving, remove] = useState<User>()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The members could not be loaded" />
  if (!data) return <SkeletonLines lines={6} padding="20px 0" />
  return (
    <>
      <p className="muted settings-page-about">
        A role counts from the next request on, and who is removed is out at once. The last owner stays.
      </p>
      <ul className="setting-list" aria-label="Members">
        {data.data.map(user => (
          <MemberLine key={user.id} user={user} may_change={may_change} remove={() => remove(user)} />
        ))}
      </ul>
      {may_change && (
        <Button leftSection={<IconUserPlus size={16} stroke={1.7} />} onClick={() => invite(true)}>
          Invite somebody
        </Button>
      )}
      {may_change && <Invitations />}
      <InviteDialog opened={inviting} onClose={() => invite(false)} />
      <RemoveDialog user={leaving} others={data.data} onClose={() => remove(undefined)} />
    </>
  )
}

type LineProps = { user: User; may_change: boolean; remove: () => void }

function MemberLine({ user, may_change, remove }: LineProps) {
  const workspace_id = useWorkspaceId()
  const { data: me } = useQuery(session)
  const choices = useRoleChoices()
  const act = useAct()
  const value = valueOfRole(user)
  const is_me = me?.user.id === user.id
  const change = (chosen: string | null) =>
    chosen !== null &&
    chosen !== value &&
    void act(() => changeRole(workspace_id, user.id, roleOf(chosen)), {
      done: `${user.name} has another role`,
      failed: `${user.name} keeps the role`,
    })
  return (
    <li className="people-line">
      <Initials text={user.name} size={30} />
      <div className="people-who">
        <b className="cut">
          {user.name}
          {is_me && <span className="muted"> (you)</span>}
        </b>
        <span className="muted cut">{user.email}</span>
      </div>
      {may_change ? (
        <Select
          className="people-role"
          aria-label={`Role of ${user.name}`}
          data={choices}
          value={value}
          onChange={change}
          allowDeselect={false}
        />
      ) : (
        <span>{choices.find(choice => choice.value === value)?.label}</span>
      )}
      {(may_change || is_me) && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={is_me ? 'Leave this workspace' : `Remove ${user.name}`}
          onClick={remove}
        >
          <IconUserMinus size={17} stroke={1.6} />
        </ActionIcon>
      )}
    </li>
  )
}
