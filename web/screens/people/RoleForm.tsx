import { Button, MultiSelect, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import {
  LEVELS,
  type Level,
  levelOf,
  MASKABLE,
  type Mask,
  OWNED_SCOPES,
  PERMISSION_ACTIONS,
  PERMISSION_SCOPES,
  type PermissionAction,
  type PermissionScope,
  type Permissions,
  type RoleCreate,
  type RoleShown,
} from '../../../shared/permissions.ts'
import { saveRole } from '../../api/people.ts'
import { useSetting } from '../../api/useSetting.ts'
import { DialogEnd } from '../../ui/DialogEnd.tsx'

const LEVEL_WORDS: Record<Level, string> = { all: 'All', team: 'Team', own: 'Own', none: '–' }
const SCOPE_WORDS: Partial<Record<PermissionScope, string>> = {
  crm: 'CRM',
  visitors: 'Visitors and events',
  settings: 'Settings, keys, people',
}
const sentence = (word: string) => word[0]!.toUpperCase() + word.slice(1).replaceAll('_', ' ')

/** A role as a table: each kind of record by what is done with it. Those that are always there can only be looked at. */
export function RoleForm({ role, may_change, done }: { role: RoleShown | undefined; may_change: boolean; done: () => void }) {
  const [name, setName] = useState(role?.name ?? '')
  const [permissions, setPermissions] = useState<Permissions>(role?.permissions ?? { contacts: { read: 'own' } })
  const [masks, setMasks] = useState<string[]>(role?.masks ?? [])
  const { mutate, isPending, error } = useSetting(
    (workspace_id, body: RoleCreate) => saveRole(workspace_id, role?.id ?? null, body),
    'Role saved',
  )
  const fixed = !may_change || role?.id === null
  const set = (scope: PermissionScope, action: PermissionAction, level: Level) =>
    setPermissions(had => ({ ...had, [scope]: { ...had[scope], [action]: level } }))
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate({ name: name.trim(), permissions, masks: masks as Mask[] }, { onSuccess: done })
      }}
    >
      {!fixed && (
        <TextInput
          autoFocus
          required
          label="Name"
          maxLength={100}
          maw={320}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
      )}
      <div className="role-matrix">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="unseen">Of what</span>
              </th>
              {PERMISSION_ACTIONS.map(action => (
                <th key={action} scope="col">
                  {sentence(action)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PERMISSION_SCOPES.map(scope => (
              <tr key={scope}>
                <th scope="row">{SCOPE_WORDS[scope] ?? sentence(scope)}</th>
                {PERMISSION_ACTIONS.map(action => (
                  <td key={action}>
                    <Cell
                      label={`${sentence(action)} ${scope}`}
                      level={levelOf({ permissions, masks: [] }, scope, action)}
                      levels={levelsOf(scope, action)}
                      fixed={fixed || (scope === 'settings' && action === 'read')}
                      set={level => set(scope, action, level)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <MultiSelect
        mt="md"
        label="Hidden fields"
        description="Left out of every answer, also of events and texts. Files need every field, so this role has no exports then."
        disabled={fixed}
        data={MASKABLE.map(mask => ({ value: mask, label: sentence(mask) }))}
        value={masks}
        onChange={setMasks}
      />
      {fixed ? (
        <Button mt="lg" variant="default" onClick={done}>
          Close
        </Button>
      ) : (
        <DialogEnd submit="Save role" disabled={!name.trim()} saving={isPending} error={error} cancel={done} />
      )}
    </form>
  )
}

function levelsOf(scope: PermissionScope, action: PermissionAction) {
  return OWNED_SCOPES.includes(scope) && action !== 'export'
    ? LEVELS
    : LEVELS.filter(level => level === 'all' || level === 'none')
}

type CellProps = { label: string; level: Level; levels: readonly Level[]; fixed: boolean; set: (level: Level) => void }

function Cell({ label, level, levels, fixed, set }: CellProps) {
  if (fixed) return <span data-level={level}>{LEVEL_WORDS[level]}</span>
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={level}
      data={levels.map(value => ({ value, label: LEVEL_WORDS[value] }))}
      onChange={({ currentTarget }) => set(currentTarget.value as Level)}
    />
  )
}
