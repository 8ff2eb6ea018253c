import { queryOptions } from '@tanstack/react-query'
import type { ContactTags, Tag, Tags, TagUpdate } from '../../shared/tags.ts'
import { request } from './request.ts'

export const tags = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/tags'],
    queryFn: ({ signal }) => request<Tags>('/tags', { workspace_id, signal }),
  })

export function updateTag(workspace_id: number, id: number, body: TagUpdate) {
  return request<Tag>(`/tags/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteTag(workspace_id: number, id: number) {
  return request<null>(`/tags/${id}`, { method: 'DELETE', workspace_id })
}

export function tagContact(workspace_id: number, contact_id: number, names: string[]) {
  return request<ContactTags>(`/contacts/${contact_id}/tags`, { method: 'POST', workspace_id, body: { names } })
}

export function untagContact(workspace_id: number, contact_id: number, tag_id: number) {
  return request<null>(`/contacts/${contact_id}/tags/${tag_id}`, { method: 'DELETE', workspace_id })
}
