import { queryOptions } from '@tanstack/react-query'
import type { Account, OpenSessions, RecoveryCodes, SignInWays, TotpSetUp } from '../../shared/account.ts'
import { request } from './request.ts'

export const account = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => request<Account>('/account', { signal }),
})

export const openSessions = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => request<OpenSessions>('/account/sessions', { signal }),
})

export const signInWays = queryOptions({
  queryKey: ['session', 'ways'],
  queryFn: ({ signal }) => request<SignInWays>('/session/ways', { signal }),
  staleTime: 5 * 60_000,
})

export function renameAccount(name: string) {
  return request<Account>('/account', { method: 'PATCH', body: { name } })
}

export function changePassword(body: { password: string; new_password: string }) {
  return request<void>('/account/password', { method: 'POST', body })
}

export function endSession(id: number) {
  return request<void>(`/account/sessions/${id}`, { method: 'DELETE' })
}

export function endOtherSessions() {
  return request<void>('/account/sessions', { method: 'DELETE' })
}

export function setUpTotp(password: string) {
  return request<TotpSetUp>('/account/totp', { method: 'POST', body: { password } })
}

export function confirmTotp(code: string) {
  return request<RecoveryCodes>('/account/totp/confirmation', { method: 'POST', body: { code } })
}

type Proof = { password: string; code: string }

export function switchTotpOff(body: Proof) {
  return request<void>('/account/totp/removal', { method: 'POST', body })
}

export function renewRecoveryCodes(body: Proof) {
  return request<RecoveryCodes>('/account/recovery-codes', { method: 'POST', body })
}

export function askForNewPassword(email: string) {
  return request<{ sends_mail: boolean }>('/password-resets', { method: 'POST', body: { email } })
}

export function chooseNewPassword(body: { token: string; password: string }) {
  return request<void>('/password-resets/choice', { method: 'POST', body })
}
