import { useQuery } from '@tanstack/react-query'
import type { Lead } from '../../../shared/leads.ts'
import { useMay } from '../../api/may.ts'
import { session } from '../../api/session.ts'
import { users } from '../../api/users.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

/** Nothing until the names are loaded; somebody who is no longer in the workspace by their number. */
export function useUserName() {
  const { data } = useQuery(users(useWorkspaceId()))
  return (user_id: number) => (data ? (data.data.find(({ id }) => id === user_id)?.name ?? `User ${user_id}`) : '')
}

/** For a field in which somebody is chosen: you first. */
export function useUserChoices() {
  const { data } = useQuery(users(useWorkspaceId()))
  const { data: me } = useQuery(session)
  const own = me?.user.id
  return (data?.data ?? [])
    .map(({ id, name, email }) => ({ value: String(id), label: id === own ? `${name || email} (you)` : name || email }))
    .sort((one, other) => Number(other.value === String(own)) - Number(one.value === String(own)))
}

/** A manager changes every lead, an agent their own. */
export function useMayChange() {
  const any = useMay('update')
  const own = useMay('work')
  const { data } = useQuery(session)
  return ({ assigned_to }: Pick<Lead, 'assigned_to'>) => any || (own && data !== undefined && assigned_to === data.user.id)
}
