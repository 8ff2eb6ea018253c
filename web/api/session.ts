import { queryOptions } from '@tanstack/react-query'
import type { Session } from '../../shared/workspaces.ts'
import { rememberCsrf, request } from './request.ts'

export const session = queryOptions({
  queryKey: ['session'],
  queryFn: async () => remember(await request<Session>('/session')),
  staleTime: 5 * 60_000,
  retry: false,
})

export async function signIn(body: { email: string; password: string }) {
  return remember(await request<Session>('/session', { method: 'POST', body }))
}

export async function becomeOwner(body: { token: string; email: string; name: string; password: string; workspace?: string }) {
  return remember(await request<Session>('/owner', { method: 'POST', body }))
}

export function signOut() {
  return request<void>('/session', { method: 'DELETE' })
}

function remember(session: Session) {
  rememberCsrf(session.csrf_token)
  return session
}
