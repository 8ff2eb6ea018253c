import { queryOptions } from '@tanstack/react-query'
import type { SecondStep } from '../../shared/account.ts'
import type { Session } from '../../shared/workspaces.ts'
import { rememberCsrf, request } from './request.ts'

export const session = queryOptions({
  queryKey: ['session'],
  queryFn: async () => remember(await request<Session>('/session')),
  staleTime: 5 * 60_000,
  retry: false,
})

/** A session, or that a code is asked for. */
export async function signIn(body: { email: string; password: string }) {
  const answer = await request<Session | SecondStep>('/session', { method: 'POST', body })
  return 'second_step' in answer ? answer : remember(answer)
}

/** Where the browser leaves for the sign-on of an organization, and comes back from to `next`. */
export function addressOfSignOn(next: string | undefined) {
  return `/api/v1/sign-on${next ? `?${new URLSearchParams({ next })}` : ''}`
}

export async function takeSecondStep(body: { second_step: string; code: string }) {
  return remember(await request<Session>('/session/code', { method: 'POST', body }))
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
