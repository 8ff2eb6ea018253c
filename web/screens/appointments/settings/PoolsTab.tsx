import { Alert, Button, Collapse, NumberInput, Select, TextInput } from '@mantine/core'
import { IconChevronRight, IconPlus, IconUsersGroup, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Pool, PoolCreate, PoolMember, PoolStrategy } from '../../../../shared/pools.ts'
import { createPool, deletePool, pools, updatePool } from '../../../api/pools.ts'
import { useDeletion, useSetting } from '../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { Empty } from '../../../ui/Empty.tsx'
import { Failure } from '../../../ui/Failure.tsx'
import { SaveBar } from '../../../ui/SaveBar.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { useDraft } from '../../../ui/useDraft.ts'
import { useUserChoices, useUserName } from '../../leads/useUsers.ts'
import { WholeNumber } from './WholeNumber.tsx'

export const POOL_STRATEGY_WORDS: Record<PoolStrategy, { label: string; about: string }> = {
  weighted: { label: 'In turn', about: 'as often as the shares say' },
  owner_first: { label: 'Owner first', about: 'who owns the contact, else in turn' },
  least_recent: { label: 'Who waits longest', about: 'whose last one is longest ago' },
  least_loaded: { label: 'Who has the fewest', about: 'counting open appointments' },
}
const STRATEGY_CHOICES = Object.entries(POOL_STRATEGY_WORDS).map(([value, { label, about }]) => ({
  value,
  label: `${label}: ${about}`,
}))

/** Who shares what comes in, for booking pages and routing rules. */
export function PoolsTab({ may_change }: { may_change: boolean }) {
  const { data, error, refetch } = useQuery(pools(useWorkspaceId()))
  const nameOfUser = useUserName()
  const [opened, open] = useState<number | 'new'>()
  if (error && !data) return <Failure error={error} retry={() => void refetch()} title="The pools could not be loaded" />
  if (!data) return <SkeletonLines lines={6} padding="20px 0" />
  const add = may_change && opened !== 'new' && (
    <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => open('new')}>
      Add a pool
    </Button>
  )
  if (data.data.length === 0 && opened !== 'new') {
    return (
      <Empty icon={IconUsersGroup} title="No pool yet" actions={add}>
        A pool is the people who share appointments: a booking page offers their time, and a routing rule chooses one of them, by
        turn, by load or by who waits longest.
      </Empty>
    )
  }
  return (
    <>
      <p className="muted settings-page-about">
        People who share appointments. Who has a lower priority number is asked first, the others only when nobody of them can.
      </p>
      <ul className="setting-list" aria-label="Pools">
        {data.data.map(pool => (
          <li key={pool.id}>
            <button
              type="button"
              className="setting-line hours-line"
              aria-expanded={opened === pool.id}
              onClick={() => open(opened === pool.id ? undefined : pool.id)}
            >
              <IconChevronRight size={15} stroke={1.7} className="hours-chevron" />
              <span className="hours-person">
                <b>{pool.name}</b>
                <span className="muted">
                  {POOL_STRATEGY_WORDS[pool.strategy].label}:{' '}
                  {pool.members.map(({ user_id }) => nameOfUser(user_id)).join(', ') || 'nobody yet'}
                </span>
              </span>
            </button>
            <Collapse expanded={opened === pool.id} keepMounted={false}>
              <PoolForm pool={pool} may_change={may_change} />
            </Collapse>
          </li>
        ))}
        {opened === 'new' && (
          <li>
            <NewPool done={id => open(id)} />
          </li>
        )}
      </ul>
      {add}
    </>
  )
}

function NewPool({ done }: { done: (id: number | undefined) => void }) {
  const [name, setName] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: PoolCreate) => createPool(workspace_id, given),
    'Pool added',
  )
  return (
    <form
      className="setting-form"
      onSubmit={event => {
        event.preventDefault()
        mutate({ name: name.trim(), strategy: 'weighted', members: [] }, { onSuccess: ({ id }) => done(id) })
      }}
    >
      <TextInput
        autoFocus
        label="Name"
        placeholder="Closers"
        maxLength={200}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      {error && (
        <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
          {error.message}
        </Alert>
      )}
      <Button type="submit" mt="sm" mr="xs" disabled={!name.trim()} loading={isPending}>
        Add pool
      </Button>
      <Button variant="default" mt="sm" onClick={() => done(undefined)}>
        Cancel
      </Button>
    </form>
  )
}

type Member = Pick<PoolMember, 'user_id' | 'weight' | 'priority' | 'cap_day' | 'cap_week' | 'cap_open'>

function PoolForm({ pool, may_change }: { pool: Pool; may_change: boolean }) {
  const { draft, set, dirty, adopt, discard } = useDraft(valuesOf(pool))
  const { mutate, isPending, error, reset } = useSetting(
    (workspace_id, change: Parameters<typeof updatePool>[2]) => updatePool(workspace_id, pool.id, change),
    'Pool saved',
  )
  const remove = useDeletion(
    workspace_id => deletePool(workspace_id, pool.id),
    pool.name,
    'Appointments stay with whom they are. A booking page or a rule that uses it must be changed first.',
  )
  return (
    <form
      className="setting-form"
      onSubmit={event => {
        event.preventDefault()
        const { updated_at, ...values } = draft
        mutate({ ...values, if_updated_at: updated_at }, { onSuccess: saved => adopt(valuesOf(saved)) })
      }}
    >
      <fieldset disabled={!may_change}>
        <div className="hours-fields">
          <TextInput
            label="Name"
            required
            withAsterisk={false}
            maxLength={200}
            value={draft.name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          <Select
            label="Who gets one"
            allowDeselect={false}
            data={STRATEGY_CHOICES}
            value={draft.strategy}
            onChange={value => value && set({ strategy: value as PoolStrategy })}
          />
        </div>
        <PoolMembers members={draft.members} counted={pool.members} onChange={members => set({ members })} />
        {may_change && <SaveBar dirty={dirty} saving={isPending} error={error} discard={discard} reset={reset} remove={remove} />}
      </fieldset>
    </form>
  )
}

type MembersProps = { members: Member[]; counted: PoolMember[]; onChange: (members: Member[]) => void }

function PoolMembers({ members, counted, onChange }: MembersProps) {
  const nameOfUser = useUserName()
  const people = useUserChoices().filter(({ value }) => !members.some(({ user_id }) => String(user_id) === value))
  const set = (index: number, change: Partial<Member>) =>
    onChange(members.map((member, at) => (at === index ? { ...member, ...change } : member)))
  return (
    <>
      {members.length > 0 && (
        <div className="pool-members">
          <div className="pool-member pool-members-head muted" aria-hidden>
            <span>Who</span>
            <span>Share</span>
            <span>Priority</span>
            <span>A day</span>
            <span>A week</span>
            <span>Open</span>
            <span />
          </div>
          {members.map((member, index) => {
            const name = nameOfUser(member.user_id)
            const has = counted.find(({ user_id }) => user_id === member.user_id)
            const number = (label: string, key: 'weight' | 'priority', most: number) => (
              <WholeNumber
                aria-label={`${label} of ${name}`}
                min={1}
                max={most}
                hideControls
                value={member[key]}
                onChange={value => set(index, { [key]: value })}
              />
            )
            const cap = (label: string, key: 'cap_day' | 'cap_week' | 'cap_open') => (
              <NumberInput
                aria-label={`${label} for ${name}`}
                placeholder="–"
                min={0}
                allowDecimal={false}
                hideControls
                value={member[key] ?? ''}
                onChange={value => set(index, { [key]: value === '' ? null : Number(value) })}
              />
            )
            return (
              <div key={member.user_id} className="pool-member">
                <span className="pool-member-name">
                  {name}
                  {has && <span className="muted"> {has.assigned} so far</span>}
                </span>
                {number('Share', 'weight', 100)}
                {number('Priority', 'priority', 5)}
                {cap('At most a day', 'cap_day')}
                {cap('At most a week', 'cap_week')}
                {cap('At most open', 'cap_open')}
                <Button
                  variant="subtle"
                  color="gray"
                  px={6}
                  aria-label={`Remove ${name}`}
                  onClick={() => onChange(members.filter(({ user_id }) => user_id !== member.user_id))}
                >
                  <IconX size={15} stroke={1.7} />
                </Button>
              </div>
            )
          })}
        </div>
      )}
      <Select
        mt="sm"
        aria-label="Add somebody"
        placeholder={people.length ? 'Add somebody…' : 'Everybody is in it'}
        searchable
        disabled={!people.length}
        data={people}
        value={null}
        onChange={id =>
          id &&
          onChange([...members, { user_id: Number(id), weight: 1, priority: 3, cap_day: null, cap_week: null, cap_open: null }])
        }
      />
    </>
  )
}

function valuesOf({ name, strategy, members, updated_at }: Pool) {
  return {
    name,
    strategy,
    updated_at,
    members: members.map(
      ({ user_id, weight, priority, cap_day, cap_week, cap_open }): Member => ({
        user_id,
        weight,
        priority,
        cap_day,
        cap_week,
        cap_open,
      }),
    ),
  }
}
