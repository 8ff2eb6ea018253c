import { queryOptions } from '@tanstack/react-query'
import type { RoleCreate, RoleShown, RoleUpdate } from '../../shared/permissions.ts'
import type { Team, TeamCreate, TeamUpdate } from '../../shared/teams.ts'
import type {
  Invitation,
  InvitationAccept,
  InvitationCreate,
  InvitationSeen,
  InvitationSent,
  Leavings,
  MemberUpdate,
  User,
} from '../../shared/users.ts'
import type { Session } from '../../shared/workspaces.ts'
import type { Page } from './page.ts'
import { rememberCsrf, request } from './request.ts'

const all =
  <T>(name: string) =>
  (workspace_id: number) =>
    queryOptions({
      queryKey: [workspace_id, `/${name}`],
      queryFn: ({ signal }) => request<Pick<Page<T>, 'data'>>(`/${name}`, { workspace_id, signal }),
    })

export const members = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/users', 200],
    queryFn: ({ signal }) => request<Page<User>>('/users', { workspace_id, search: { limit: 200 }, signal }),
  })
export const invitations = all<Invitation>('invitations')
export const roles = all<RoleShown>('roles')
export const teams = all<Team>('teams')

export const leavings = (workspace_id: number, user_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/users', user_id, 'leavings'],
    queryFn: ({ signal }) => request<Leavings>(`/users/${user_id}/leavings`, { workspace_id, signal }),
    staleTime: 0,
  })

export function changeRole(workspace_id: number, user_id: number, body: MemberUpdate) {
  return request<User>(`/users/${user_id}`, { method: 'PATCH', workspace_id, body })
}

export function removeMember(workspace_id: number, user_id: number, search: { transfer_to?: number; revoke_keys?: boolean }) {
  return request<null>(`/users/${user_id}`, { method: 'DELETE', workspace_id, search })
}

export function invite(workspace_id: number, body: InvitationCreate) {
  return request<InvitationSent>('/invitations', { method: 'POST', workspace_id, body })
}

export function sendAgain(workspace_id: number, id: number) {
  return request<InvitationSent>(`/invitations/${id}/sending`, { method: 'POST', workspace_id, body: {} })
}

export function withdraw(workspace_id: number, id: number) {
  return request<null>(`/invitations/${id}`, { method: 'DELETE', workspace_id })
}

export function saveRole(workspace_id: number, id: number | null, body: RoleCreate & RoleUpdate) {
  return id === null
    ? request<RoleShown>('/roles', { method: 'POST', workspace_id, body })
    : request<RoleShown>(`/roles/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteRole(workspace_id: number, id: number) {
  return request<null>(`/roles/${id}`, { method: 'DELETE', workspace_id })
}

export function saveTeam(workspace_id: number, id: number | null, body: TeamCreate & TeamUpdate) {
  return id === null
    ? request<Team>('/teams', { method: 'POST', workspace_id, body })
    : request<Team>(`/teams/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteTeam(workspace_id: number, id: number) {
  return request<null>(`/teams/${id}`, { method: 'DELETE', workspace_id })
}

export const seenInvitation = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => request<InvitationSeen>('/invitation', { method: 'POST', body: { token }, signal }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })

export async function acceptInvitation(body: InvitationAccept) {
  const session = await request<Session>('/invitation/acceptance', { method: 'POST', body })
  rememberCsrf(session.csrf_token)
  return session
}
