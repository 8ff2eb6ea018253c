import { queryOptions } from '@tanstack/react-query'
import type { CustomField, CustomFieldCreate, CustomFields, CustomFieldUpdate, FieldNoun } from '../../shared/custom-fields.ts'
import { request } from './request.ts'

export const fields = (workspace_id: number, noun?: FieldNoun) =>
  queryOptions({
    queryKey: [workspace_id, '/custom-fields'],
    queryFn: ({ signal }) => request<CustomFields>('/custom-fields', { workspace_id, signal }),
    select: ({ data }) => (noun === undefined ? data : data.filter(field => field.noun === noun)),
  })

/** Those that are offered. */
export const offered = (workspace_id: number, noun: FieldNoun) => ({
  ...fields(workspace_id, noun),
  select: ({ data }: CustomFields) => data.filter(field => field.noun === noun && field.archived_at === null),
})

export function createField(workspace_id: number, body: CustomFieldCreate) {
  return request<CustomField>('/custom-fields', { method: 'POST', workspace_id, body })
}

export function updateField(workspace_id: number, id: number, body: CustomFieldUpdate) {
  return request<CustomField>(`/custom-fields/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteField(workspace_id: number, id: number) {
  return request<null>(`/custom-fields/${id}`, { method: 'DELETE', workspace_id })
}
