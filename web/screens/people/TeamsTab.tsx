import { ActionIcon, Button, Modal, MultiSelect, TextInput } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Team, TeamCreate } from '../../../shared/teams.ts'
import { deleteTeam, members, saveTeam, teams } from '../../api/people.ts'
import { useDeletion, useSetting } from '../../api/useSetting.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'

type Edited = Team | 'new' | undefined

/** Who sees whose records, where a role says "the team's". */
export function TeamsTab({ may_change }: { may_change: boolean }) {
  const { data, error, refetch } = useQuery(teams(useWorkspaceId()))
  const [edited, edit] = useState<Edited>()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The teams could not be loaded" />
  if (!data) return <SkeletonLines lines={4} padding="20px 0" />
  const add = may_change && (
    <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => edit('new')}>
      Add a team
    </Button>
  )
  return (
    <>
      {data.data.length === 0 ? (
        <Empty icon={IconUsersGroup} title="No team yet" actions={add}>
          Without teams, everybody is one: agents see all records. From the first team on, they see what their own team has, and
          who is in none sees only their own.
        </Empty>
      ) : (
        <>
          <p className="muted settings-page-about">
            Agents see the records of everybody in their teams. Who is in none sees only their own.
          </p>
          <ul className="setting-list" aria-label="Teams">
            {data.data.map(team => (
              <TeamLine key={team.id} team={team} edit={may_change ? () => edit(team) : undefined} />
            ))}
          </ul>
          {add}
        </>
      )}
      <Modal opened={edited !== undefined} onClose={() => edit(undefined)} title={edited === 'new' ? 'New team' : 'Team'}>
        {edited && <TeamForm team={edited === 'new' ? undefined : edited} done={() => edit(undefined)} />}
      </Modal>
    </>
  )
}

function TeamLine({ team, edit }: { team: Team; edit: (() => void) | undefined }) {
  const { data } = useQuery(members(useWorkspaceId()))
  const remove = useDeletion(
    workspace_id => deleteTeam(workspace_id, team.id),
    team.name,
    'Its members see each other’s records no more, unless another team has them both.',
  )
  const names = data?.data.filter(({ id }) => team.user_ids.includes(id)).map(({ name }) => name)
  return (
    <li className="people-line">
      <div className="people-who">
        <b className="cut">{team.name}</b>
        <span className="muted">{names?.join(', ') || 'Nobody'}</span>
      </div>
      {edit && (
        <>
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={`Change ${team.name}`} onClick={edit}>
            <IconPencil size={16} stroke={1.6} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={`Delete ${team.name}`} onClick={remove}>
            <IconTrash size={16} stroke={1.6} />
          </ActionIcon>
        </>
      )}
    </li>
  )
}

function TeamForm({ team, done }: { team: Team | undefined; done: () => void }) {
  const { data } = useQuery(members(useWorkspaceId()))
  const [name, setName] = useState(team?.name ?? '')
  const [people, setPeople] = useState((team?.user_ids ?? []).map(String))
  const { mutate, isPending, error } = useSetting(
    (workspace_id, body: TeamCreate) => saveTeam(workspace_id, team?.id ?? null, body),
    'Team saved',
  )
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ name: name.trim(), user_ids: people.map(Number) }, { onSuccess: done })
      }}
    >
      <TextInput
        autoFocus
        required
        label="Name"
        maxLength={100}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <MultiSelect
        mt="md"
        label="Members"
        searchable
        data={(data?.data ?? []).map(({ id, name, email }) => ({ value: String(id), label: name || email }))}
        value={people}
        onChange={setPeople}
      />
      <DialogEnd submit="Save team" disabled={!name.trim()} saving={isPending} error={error} cancel={done} />
    </form>
  )
}
