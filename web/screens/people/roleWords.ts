import { useQuery } from '@tanstack/react-query'
import type { MemberUpdate, User } from '../../../shared/users.ts'
import type { MemberRole } from '../../../shared/workspaces.ts'
import { roles } from '../../api/people.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

export const ROLE_WORDS: Record<string, [name: string, about: string]> = {
  owner: ['Owner', 'Everything, and who else is an owner'],
  admin: ['Admin', 'Everything but making owners'],
  manager: ['Manager', 'All records; no keys, no people, no settings'],
  agent: ['Agent', 'Sees what the team has, works on their own leads, tasks and appointments'],
  analyst: ['Analyst', 'Sees and exports everything, changes nothing'],
}

/** Roles as one value of a field: a name, or the number of a role of your own. */
export function valueOfRole({ role, role_id }: Pick<User, 'role' | 'role_id'>) {
  return role_id === null ? role : String(role_id)
}

export function roleOf(value: string): MemberUpdate {
  return /^\d+$/.test(value) ? { role: 'custom', role_id: Number(value) } : { role: value as MemberRole }
}

export function useRoleChoices() {
  const { data } = useQuery(roles(useWorkspaceId()))
  return (data?.data ?? []).map(({ id, name }) => ({
    value: id === null ? name : String(id),
    label: id === null ? (ROLE_WORDS[name]?.[0] ?? name) : name,
  }))
}
