import { ActionIcon, Button, Modal } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RoleShown } from '../../../shared/permissions.ts'
import { deleteRole, roles } from '../../api/people.ts'
import { useDeletion } from '../../api/useSetting.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Failure } from '../../ui/Failure.tsx'
import { count } from '../../ui/numbers.ts'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { RoleForm } from './RoleForm.tsx'
import { ROLE_WORDS } from './roleWords.ts'

/** What each role lets do: five that everybody has, and your own. */
export function RolesTab({ may_change }: { may_change: boolean }) {
  const { data, error, refetch } = useQuery(roles(useWorkspaceId()))
  const [edited, edit] = useState<RoleShown | 'new'>()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The roles could not be loaded" />
  if (!data) return <SkeletonLines lines={6} padding="20px 0" />
  return (
    <>
      <p className="muted settings-page-about">
        Five roles are always there. A role of your own says for each kind of record who is reached: everybody’s, the team’s, or
        their own; and which fields stay hidden.
      </p>
      <ul className="setting-list" aria-label="Roles">
        {data.data.map(role => (
          <RoleLine key={role.id ?? role.name} role={role} may_change={may_change} edit={() => edit(role)} />
        ))}
      </ul>
      {may_change && (
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => edit('new')}>
          Add a role
        </Button>
      )}
      <Modal
        opened={edited !== undefined}
        onClose={() => edit(undefined)}
        title={edited === 'new' ? 'New role' : nameOf(edited)}
        size={860}
      >
        {edited && <RoleForm role={edited === 'new' ? undefined : edited} may_change={may_change} done={() => edit(undefined)} />}
      </Modal>
    </>
  )
}

function nameOf(role: RoleShown | undefined) {
  return role && (role.id === null ? ROLE_WORDS[role.name]?.[0] : role.name)
}

function RoleLine({ role, may_change, edit }: { role: RoleShown; may_change: boolean; edit: () => void }) {
  const is_own = role.id !== null
  const remove = useDeletion(workspace_id => deleteRole(workspace_id, role.id!), role.name, 'Nobody may have it.')
  return (
    <li className="people-line">
      <button type="button" className="people-who people-open" onClick={edit}>
        <b className="cut">{nameOf(role)}</b>
        <span className="muted">{is_own ? masksOf(role) : ROLE_WORDS[role.name]?.[1]}</span>
      </button>
      <span className="number">{count(role.member_count, 'member')}</span>
      {may_change && is_own && (
        <>
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={`Change ${role.name}`} onClick={edit}>
            <IconPencil size={16} stroke={1.6} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={`Delete ${role.name}`} onClick={remove}>
            <IconTrash size={16} stroke={1.6} />
          </ActionIcon>
        </>
      )}
    </li>
  )
}

function masksOf({ masks }: RoleShown) {
  return masks.length === 0 ? 'Of your own' : `Of your own; does not see ${masks.join(', ').replaceAll('_', ' ')}`
}
