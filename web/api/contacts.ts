import { queryOptions } from '@tanstack/react-query'
import type { ContactJourneys } from '../../shared/contact-journey.ts'
import type { Contact, ContactCreate, ContactsQuery, ContactUpdate, Link, LinkCreate } from '../../shared/contacts.ts'
import type { TimelineEntry, TimelineQuery } from '../../shared/events.ts'
import type { ContactMerge, Identity, MergePreview } from '../../shared/identity.ts'
import type { ContactWithTags } from '../../shared/tags.ts'
import { type Asked, pages } from './page.ts'
import { request } from './request.ts'

export const contacts = (workspace_id: number, search: Asked<ContactsQuery>) =>
  pages<Contact>(workspace_id, '/contacts', search, 100)

export const contact = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/contact', id],
    queryFn: ({ signal }) => request<ContactWithTags>(`/contacts/${id}`, { workspace_id, signal }),
  })

export function createContact(workspace_id: number, body: ContactCreate) {
  return request<Contact>('/contacts', { method: 'POST', workspace_id, body })
}

export function updateContact(workspace_id: number, id: number, body: ContactUpdate) {
  return request<ContactWithTags>(`/contacts/${id}`, { method: 'PATCH', workspace_id, body })
}

export function archiveContact(workspace_id: number, id: number) {
  return request<ContactWithTags>(`/contacts/${id}/archive`, { method: 'POST', workspace_id })
}

export function restoreContact(workspace_id: number, id: number) {
  return request<ContactWithTags>(`/contacts/${id}/restore`, { method: 'POST', workspace_id })
}

export const timeline = (workspace_id: number, id: number, search: Asked<TimelineQuery>) =>
  pages<TimelineEntry>(workspace_id, `/contacts/${id}/timeline`, search)

export const journey = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/contact', id, 'journey'],
    queryFn: ({ signal }) => request<ContactJourneys>(`/contacts/${id}/journey`, { workspace_id, signal }),
  })

export const identity = (workspace_id: number, id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/contact', id, 'identity'],
    queryFn: ({ signal }) => request<Identity>(`/contacts/${id}/identity`, { workspace_id, signal }),
  })

export const mergePreview = (workspace_id: number, id: number, other_id: number) =>
  queryOptions({
    // Not below the workspace: what was merged just now must not be previewed again.
    queryKey: ['merge', workspace_id, id, other_id],
    queryFn: ({ signal }) => request<MergePreview>(`/contacts/${id}/merge`, { workspace_id, search: { other_id }, signal }),
    staleTime: 0,
  })

export function merge(workspace_id: number, id: number, body: { other_id: number; force?: boolean }) {
  return request<ContactMerge>(`/contacts/${id}/merge`, { method: 'POST', workspace_id, body })
}

export function undoMerge(workspace_id: number, merge_id: number) {
  return request<ContactMerge>(`/contacts/merges/${merge_id}/undo`, { method: 'POST', workspace_id })
}

export function createLink(workspace_id: number, id: number, body: LinkCreate) {
  return request<Link>(`/contacts/${id}/links`, { method: 'POST', workspace_id, body })
}

export function removeVisitor(workspace_id: number, id: number, visitor_id: number) {
  return request<unknown>(`/contacts/${id}/visitors/${visitor_id}`, { method: 'DELETE', workspace_id })
}

export function linkVisitor(workspace_id: number, id: number, body: { distinct_id: string; force?: boolean }) {
  return request<unknown>(`/contacts/${id}/visitors`, { method: 'POST', workspace_id, body })
}
