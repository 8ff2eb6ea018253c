import { queryOptions } from '@tanstack/react-query'
import type {
  ConsentPurpose,
  ConsentPurposeCreate,
  ConsentPurposes,
  ConsentPurposeUpdate,
  ConsentsAdd,
  ContactConsents,
} from '../../shared/consents.ts'
import { request } from './request.ts'

export const purposes = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/consent-purposes'],
    queryFn: ({ signal }) => request<ConsentPurposes>('/consent-purposes', { workspace_id, signal }),
  })

export function createPurpose(workspace_id: number, body: ConsentPurposeCreate) {
  return request<ConsentPurpose>('/consent-purposes', { method: 'POST', workspace_id, body })
}

export function changePurpose(workspace_id: number, id: number, body: ConsentPurposeUpdate) {
  return request<ConsentPurpose>(`/consent-purposes/${id}`, { method: 'PATCH', workspace_id, body })
}

export const consents = (workspace_id: number, contact_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/contact', contact_id, 'consents'],
    queryFn: ({ signal }) => request<ContactConsents>(`/contacts/${contact_id}/consents`, { workspace_id, signal }),
  })

export function noteConsent(workspace_id: number, contact_id: number, body: ConsentsAdd) {
  return request<ContactConsents>(`/contacts/${contact_id}/consents`, { method: 'POST', workspace_id, body })
}
