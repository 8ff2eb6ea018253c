import { useQuery } from '@tanstack/react-query'
import { pools } from '../../../../api/pools.ts'
import { areaLists, partners } from '../../../../api/routing.ts'
import { useWorkspaceId } from '../../../../api/workspace.ts'
import { useUserChoices, useUserName } from '../../../leads/useUsers.ts'

/** How the targets and areas of rules are called; nothing until they are loaded. */
export function useNames() {
  const workspace_id = useWorkspaceId()
  const user = useUserName()
  const { data: pooled } = useQuery(pools(workspace_id))
  const { data: others } = useQuery(partners(workspace_id))
  const { data: areas } = useQuery(areaLists(workspace_id))
  const named = (list: { id: number; name: string }[] | undefined, what: string) => (id: number) =>
    list ? (list.find(one => one.id === id)?.name ?? `${what} ${id}`) : ''
  return {
    user,
    pool: named(pooled?.data, 'Pool'),
    workspace: named(others?.data, 'Workspace'),
    area: named(areas?.data, 'List'),
  }
}

/** Everything that a rule can give to, grouped. `nobody` is left out of fallbacks: that is what comes after them anyway. */
export function useTargetChoices({ nobody = true }: { nobody?: boolean } = {}) {
  const workspace_id = useWorkspaceId()
  const { data: pooled } = useQuery(pools(workspace_id))
  const { data: others } = useQuery(partners(workspace_id))
  const people = useUserChoices().map(({ value, label }) => ({ value: `person ${value}`, label }))
  const items = (kind: string, list: { id: number; name: string }[] = []) =>
    list.map(({ id, name }) => ({ value: `${kind} ${id}`, label: name }))
  return [
    { group: 'Pools', items: items('pool', pooled?.data) },
    { group: 'People', items: people },
    {
      group: 'Other workspaces',
      items: items(
        'workspace',
        others?.data.filter(({ accepts }) => accepts),
      ),
    },
    ...(nobody ? [{ group: 'Or', items: [{ value: 'nobody', label: 'Nobody: wait for a person to decide' }] }] : []),
  ].filter(({ items }) => items.length > 0)
}
