import { queryOptions } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type {
  AreaList,
  AreaListCreate,
  AreaLists,
  AreaUploaded,
  RoutingDryRun,
  RoutingRule,
  RoutingRuleCreate,
  RoutingRuleUpdate,
  RoutingRuleVersion,
  RoutingTrial,
  RoutingUploaded,
} from '../../shared/routing.ts'
import { type Page, pages } from './page.ts'
import { request } from './request.ts'

export const routingRules = (workspace_id: number, q?: string) =>
  pages<RoutingRule>(workspace_id, '/routing-rules', q ? { q } : {})

/** Every rule in its order, for a draft of all of them. */
export async function allRoutingRules(workspace_id: number): Promise<RoutingRule[]> {
  const rules: RoutingRule[] = []
  let cursor: string | null = null
  do {
    const page: Page<RoutingRule> = await request('/routing-rules', { workspace_id, search: { limit: 200, cursor } })
    rules.push(...page.data)
    cursor = page.next_cursor
  } while (cursor !== null)
  return rules
}

export function createRoutingRule(workspace_id: number, body: RoutingRuleCreate) {
  return request<RoutingRule>('/routing-rules', { method: 'POST', workspace_id, body })
}

/** Publishes a new version. */
export function updateRoutingRule(workspace_id: number, id: number, body: RoutingRuleUpdate) {
  return request<RoutingRule>(`/routing-rules/${id}`, { method: 'PATCH', workspace_id, body })
}

export function moveRoutingRule(workspace_id: number, id: number, position: number) {
  return request<RoutingRule>(`/routing-rules/${id}/move`, { method: 'POST', workspace_id, body: { position } })
}

export function deleteRoutingRule(workspace_id: number, id: number) {
  return request<null>(`/routing-rules/${id}`, { method: 'DELETE', workspace_id })
}

export const routingVersions = (workspace_id: number, id: number) =>
  pages<RoutingRuleVersion>(workspace_id, `/routing-rules/${id}/versions`, {})

export function restoreRoutingVersion(workspace_id: number, id: number, version: number) {
  return request<RoutingRule>(`/routing-rules/${id}/versions/${version}/restore`, { method: 'POST', workspace_id, body: {} })
}

export function tryRouting(workspace_id: number, body: RoutingDryRun) {
  return request<RoutingTrial>('/routing-rules/dry-run', { method: 'POST', workspace_id, body })
}

/** A sheet as it was saved by any program. With `partial`, what is right is stored although other rows are wrong. */
export function uploadRules(workspace_id: number, file: File, partial: boolean) {
  return request<RoutingUploaded>('/routing-rules/upload', { method: 'POST', workspace_id, search: { partial }, file })
}

export const areaLists = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/area-lists'],
    queryFn: ({ signal }) => request<Static<typeof AreaLists>>('/area-lists', { workspace_id, signal }),
    staleTime: 60_000,
  })

export function createAreaList(workspace_id: number, body: AreaListCreate) {
  return request<AreaList>('/area-lists', { method: 'POST', workspace_id, body })
}

export function replaceAreas(workspace_id: number, id: number, file: File) {
  return request<AreaUploaded>(`/area-lists/${id}/entries`, { method: 'PUT', workspace_id, file })
}

export function deleteAreaList(workspace_id: number, id: number) {
  return request<null>(`/area-lists/${id}`, { method: 'DELETE', workspace_id })
}

/** The workspaces of the organization with which appointments are exchanged. */
export const partners = (workspace_id: number) =>
  queryOptions({
    queryKey: [workspace_id, '/workspaces/partners'],
    queryFn: ({ signal }) =>
      request<{ data: { id: number; name: string; accepts: boolean }[] }>('/workspaces/partners', { workspace_id, signal }),
    staleTime: 60_000,
  })
